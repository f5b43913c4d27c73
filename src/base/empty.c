typedef int dt__base_empty;
