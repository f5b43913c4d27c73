typedef int dt__midi_empty;
