#include "dt/take.h"

void dt_take_clear(dt_take* take, const dt_allocator* allocator) {
  dt_strokes_clear(&take->strokes, allocator);
  dt_tempo_map_clear(&take->click, allocator);
  *take = (dt_take){0};
}
