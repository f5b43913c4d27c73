typedef int dt__ear_empty;
