namespace NeuroDb.Bench;

/// <summary>An index of vectors that is swept over its settings.</summary>
internal interface IAnnPeer : IDisposable
{
    /// <summary>Its name, version and the options it is built with.</summary>
    string Name { get; }

    /// <summary>The family whose best settings are compared, such as hnswlib.</summary>
    string Family { get; }

    /// <summary>How many settings a search is swept over.</summary>
    int SettingCount { get; }

    /// <summary>
    /// Whether a setting is the first of a group. Within a group searches become slower and more
    /// exact, and so do the first settings of groups.
    /// </summary>
    bool BeginsGroup(int setting) => setting == 0;

    /// <summary>How many queries are enough to say how fast it is.</summary>
    int QueryCountMax => int.MaxValue;

    /// <summary>Makes the index of (count, dimension) vectors on one thread.</summary>
    void Build(float[] vectors, int dimension);

    /// <summary>Bytes in memory beyond the stored rows, for each vector; NaN if unknown.</summary>
    double BytesPerVector { get; }

    /// <summary>Uses a setting from now on; gives its name.</summary>
    string Use(int setting);

    /// <summary>The ids of the nearest, best first; -1 where there is none.</summary>
    void Search(float[] query, long[] ids);
}
