namespace NeuroDb.Neural;

/// <summary>Bytes that libsndfile reads, and how far it has come.</summary>
internal unsafe struct MemorySource
{
    /// <summary>The first byte.</summary>
    public byte* Start;

    /// <summary>How many there are.</summary>
    public long Length;

    /// <summary>The next byte to read, from 0 to the length.</summary>
    public long Position;
}
