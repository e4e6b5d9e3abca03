namespace NeuroDb.Bench;

/// <summary>Another system that searches vectors exactly, under L2.</summary>
internal interface IVectorPeer : IDisposable
{
    /// <summary>Its name and version.</summary>
    string Name { get; }

    /// <summary>Takes all vectors, (count, dimension) row-major; ids are 0 ... count - 1.</summary>
    void Load(float[] vectors, int dimension);

    /// <summary>The ids of the k nearest, best first.</summary>
    long[] Search(float[] query, int k);
}
