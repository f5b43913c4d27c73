typedef int dt__report_empty;
