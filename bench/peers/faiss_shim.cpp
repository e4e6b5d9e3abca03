// A C face for the two calls of faiss that bench makes, so that C# can bind them.
#include <faiss/IndexFlat.h>
#include <omp.h>

extern "C" {

void* faiss_flat_new(int dimension, int inner_product)
{
    return inner_product
        ? static_cast<void*>(new faiss::IndexFlatIP(dimension))
        : static_cast<void*>(new faiss::IndexFlatL2(dimension));
}

void faiss_flat_add(void* index, long count, const float* vectors)
{
    static_cast<faiss::Index*>(index)->add(count, vectors);
}

void faiss_flat_search(
    void* index, long queries, const float* vectors, long k, float* distances, long* labels)
{
    static_cast<faiss::Index*>(index)->search(queries, vectors, k, distances, labels);
}

void faiss_flat_free(void* index)
{
    delete static_cast<faiss::Index*>(index);
}

void faiss_threads(int count)
{
    omp_set_num_threads(count);
}

}
