#pragma once

#include "CKernels.h"

extern const kindred_kernels kindred_kernels_scalar;

#if defined(__x86_64__)
extern const kindred_kernels kindred_kernels_avx2;
#endif
