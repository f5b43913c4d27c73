#include <stdlib.h>

#include "dt/stage.h"

#ifdef DT_HAVE_QRENCODE

#include <qrencode.h>

bool* dt_stage_qr(const char* text, int* side) {
  QRcode* code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  *side = code ? code->width : 0;
  const size_t count = (size_t)*side * (size_t)*side;
  bool* modules = count > 0 ? malloc(count * sizeof *modules) : NULL;
  for (size_t i = 0; modules && i < count; i++)
    modules[i] = code->data[i] & 1;
  QRcode_free(code);
  return modules;
}

#else

bool* dt_stage_qr(const char* text, int* side) {
  (void)text;
  *side = 0;
  return NULL;
}

#endif
