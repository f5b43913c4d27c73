#ifndef DT_STAGE_RECORDING_H
#define DT_STAGE_RECORDING_H

#include "dt/error.h"
#include "dt/home.h"
#include "dt/home_setup.h"
#include "dt/stage.h"

/* What a session leaves behind, as `doubletime practice` does, besides its takes. */

/* A file of the home folder, and the setup's. False: there is no home for it. */
bool dt__home_path(const dt_stage_config* config, const char* name, char path[DT_HOME_PATH]);
bool dt__setup_path(const dt_stage_config* config, char path[DT_HOME_PATH]);

/* Makes a new folder for a session's recording, `sessions/2026-11-23-181502` beside the database.
 * Errors with a sentence: DT_NOT_FOUND (no home), DT_IO (it cannot be made, or the disk has less
 * than a GiB left, which is for the takes). */
dt_status dt__recording_folder(const dt_stage_config* config, char path[DT_HOME_PATH],
                               dt_error* err) DT_NODISCARD;

/* The device that was opened, the MIDI port and the kit's map become the setup's, where the request
 * or the command line named them (NULL: it did not). `setup` is what the session began with. */
typedef struct dt__given {
  const char* audio;
  const char* midi;
  const char* kit_map;
} dt__given;
dt_status dt__recording_remember(const dt_stage_config* config, const dt_setup* setup,
                                 const dt__given* given, const dt_port_info* info,
                                 dt_error* err) DT_NODISCARD;

#endif
