#ifndef DT_EAR_MODEL_H
#define DT_EAR_MODEL_H

#include <stddef.h>

/* The built-in network: the bytes of src/ear/ear.model, embedded by model.S.in. Its card is
 * docs/ear-model.md. */
extern const unsigned char dt__ear_model[];
extern const size_t dt__ear_model_size;

#endif
