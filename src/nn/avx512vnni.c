/* Called only where the processor has AVX-512F, BW and VNNI. */
#define KERNELS   dt__nn_avx512vnni
#define WHAT      "AVX-512 VNNI"
#define IS_USABLE dt__nn_has_avx512vnni
#include "avx512_body.h"
