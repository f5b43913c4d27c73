typedef int dt__pulse_empty;
