typedef int dt__chart_empty;
