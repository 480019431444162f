#include "tables.h"

#include <string.h>

// __builtin_cpu_supports asks for the operating system's support of the wide registers too.
#if defined(__x86_64__)
static int runs_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int runs_avx512(void) {
    return runs_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vnni");
}
#endif

const kindred_kernels *kindred_kernels_best(void) {
#if defined(__x86_64__)
    if (runs_avx512()) return &kindred_kernels_avx512;
    if (runs_avx2()) return &kindred_kernels_avx2;
#endif
    return &kindred_kernels_scalar;
}

const kindred_kernels *kindred_kernels_named(const char *name) {
    if (strcmp(name, kindred_kernels_scalar.name) == 0) return &kindred_kernels_scalar;
#if defined(__x86_64__)
    if (strcmp(name, kindred_kernels_avx2.name) == 0 && runs_avx2()) return &kindred_kernels_avx2;
    if (strcmp(name, kindred_kernels_avx512.name) == 0 && runs_avx512()) return &kindred_kernels_avx512;
#endif
    return NULL;
}
