typedef int dt__sim_empty;
