#include "CKernels.h"

#include <string.h>

// Written with shifts, so that neither the host's byte order nor the alignment of `bytes` matters; compilers
// make one load and one byte swap of each.
static uint32_t read_32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
}

static void write_32(uint32_t value, uint8_t *bytes) {
    bytes[0] = (uint8_t)(value >> 24);
    bytes[1] = (uint8_t)(value >> 16);
    bytes[2] = (uint8_t)(value >> 8);
    bytes[3] = (uint8_t)value;
}

ptrdiff_t kindred_vector_dimensions(const uint8_t *bytes, size_t length) {
    if (length < KINDRED_VECTOR_HEADER) return -1;
    const uint32_t header = read_32(bytes);
    const size_t dimensions = header >> 16;
    const int unused = header & 0xffff;
    if (unused != 0 || dimensions == 0 || dimensions > KINDRED_VECTOR_MAX_DIMENSIONS) return -1;
    return length == KINDRED_VECTOR_HEADER + sizeof(float) * dimensions ? (ptrdiff_t)dimensions : -1;
}

void kindred_vector_decode(const uint8_t *bytes, size_t dimensions, float *out) {
    const uint8_t *coordinates = bytes + KINDRED_VECTOR_HEADER;
    for (size_t i = 0; i < dimensions; i++) {
        const uint32_t bits = read_32(coordinates + sizeof(float) * i);
        memcpy(out + i, &bits, sizeof(float));
    }
}

void kindred_vector_encode(const float *values, size_t dimensions, uint8_t *out) {
    write_32((uint32_t)dimensions << 16, out);
    uint8_t *coordinates = out + KINDRED_VECTOR_HEADER;
    for (size_t i = 0; i < dimensions; i++) {
        uint32_t bits;
        memcpy(&bits, values + i, sizeof(float));
        write_32(bits, coordinates + sizeof(float) * i);
    }
}
