/* Called only where the processor has AVX-512F and BW. */
#define KERNELS   dt__nn_avx512
#define WHAT      "AVX-512"
#define IS_USABLE dt__nn_has_avx512
#include "avx512_body.h"
