// Bytes from anywhere, as from a broken or hostile server: the codec refuses them or reads them within their length,
// and what it reads it writes again byte by byte.
#include "CKernels.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const ptrdiff_t dimensions = kindred_vector_dimensions(data, size);
    if (dimensions < 0) return 0;
    if (dimensions == 0 || dimensions > KINDRED_VECTOR_MAX_DIMENSIONS) abort();
    if (size != KINDRED_VECTOR_HEADER + sizeof(float) * (size_t)dimensions) abort();
    // Of the exact size each, so that the sanitizer sees one byte too many.
    float *values = malloc(sizeof(float) * (size_t)dimensions);
    uint8_t *bytes = malloc(size);
    if (values == NULL || bytes == NULL) abort();
    kindred_vector_decode(data, (size_t)dimensions, values);
    kindred_vector_encode(values, (size_t)dimensions, bytes);
    if (memcmp(bytes, data, size) != 0) abort();
    free(bytes);
    free(values);
    return 0;
}
