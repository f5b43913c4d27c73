#include "dt/status.h"

static const char* const sentences[DT_STATUS_COUNT] = {
#define DT_STATUS_SENTENCE(name, sentence) [name] = sentence,
    DT_STATUS_LIST(DT_STATUS_SENTENCE)
#undef DT_STATUS_SENTENCE
};

const char* dt_status_sentence(dt_status status) {
  /* Compared as unsigned because a value from outside may be negative. */
  if ((unsigned)status >= (unsigned)DT_STATUS_COUNT)
    return "Unknown status";
  return sentences[status];
}
