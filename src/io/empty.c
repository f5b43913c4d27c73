typedef int dt__io_empty;
