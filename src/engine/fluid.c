#include "fluid.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define LIBRARY "libfluidsynth.so.3"

/* ISO C has no way from an object's pointer to a function's but this. */
static bool find(void* library, const char* name, void* function, size_t size) {
  void* symbol = dlsym(library, name);
  if (symbol)
    memcpy(function, &symbol, size);
  return symbol != NULL;
}

static void be_quiet(const dt__fluid* fluid) {
  for (int level = 0; level < LAST_LOG_LEVEL; level++)
    (void)fluid->fluid_set_log_function(level, NULL, NULL);
}

const dt__fluid* dt__fluid_load(dt_error* err) {
  static dt__fluid fluid;
  static bool is_loaded = false;
  if (is_loaded)
    return &fluid;
  void* library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    (void)dt_fail(err, DT_UNSUPPORTED,
                  "FluidSynth is not installed, and plays the band (Debian: libfluidsynth3)");
    return NULL;
  }
  is_loaded = true;
#define TAKE(name) is_loaded = is_loaded && find(library, #name, &fluid.name, sizeof fluid.name);
  DT__FLUID_FUNCTIONS(TAKE)
#undef TAKE
  if (!is_loaded) {
    dlclose(library);
    (void)dt_fail(err, DT_UNSUPPORTED, "The FluidSynth that is installed is too old (below 2.2)");
    return NULL;
  }
  be_quiet(&fluid);
  return &fluid;
}
