// A C face for the calls of faiss that bench makes, so that C# can bind them.
#include <faiss/AutoTune.h>
#include <faiss/IndexFlat.h>
#include <faiss/index_factory.h>
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

void* faiss_new(int dimension, const char* description, int inner_product)
{
    return faiss::index_factory(
        dimension,
        description,
        inner_product ? faiss::METRIC_INNER_PRODUCT : faiss::METRIC_L2);
}

void faiss_build(void* index, long count, const float* vectors)
{
    static_cast<faiss::Index*>(index)->train(count, vectors);
    static_cast<faiss::Index*>(index)->add(count, vectors);
}

void faiss_set(void* index, const char* name, double value)
{
    faiss::ParameterSpace().set_index_parameter(static_cast<faiss::Index*>(index), name, value);
}

void faiss_threads(int count)
{
    omp_set_num_threads(count);
}

}
