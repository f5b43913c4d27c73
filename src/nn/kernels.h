#ifndef DT_NN_KERNELS_H
#define DT_NN_KERNELS_H

#include "dt/nn.h"

extern const dt_nn_kernels dt__nn_plain;
extern const dt_nn_kernels dt__nn_lanes4;
#if defined(__x86_64__)
extern const dt_nn_kernels dt__nn_avx2;
extern const dt_nn_kernels dt__nn_avx512;
extern const dt_nn_kernels dt__nn_avx512vnni;
#endif

bool dt__nn_always(void);
bool dt__nn_has_avx2(void);
bool dt__nn_has_avx512(void);     /* and its bytes and words */
bool dt__nn_has_avx512vnni(void); /* and its sums of products */

#endif
