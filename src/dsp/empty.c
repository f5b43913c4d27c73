typedef int dt__dsp_empty;
