#include "command.h"

int main(int argc, char** argv) {
  return dt__program(argc, argv);
}
