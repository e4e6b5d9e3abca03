namespace NeuroDb.Query;

/// <summary>
/// A plan, or the part of one above a scan, that several threads run at once, each over a range of
/// its morsels (V. Leis et al., Morsel-driven parallelism, SIGMOD 2014). What the ranges give, one
/// behind the other, is what the plan gives on one thread.
/// </summary>
internal abstract class Pipeline : IDisposable
{
    /// <summary>The pieces that the input is cut into; known once prepared.</summary>
    public abstract int MorselCount { get; }

    /// <summary>Does what all threads share, such as the tables of joins; once, first.</summary>
    public abstract void Prepare();

    /// <summary>Reads a range of the morsels; each thread has a cursor of its own.</summary>
    public abstract BatchCursor Open(int first, int end);

    /// <summary>
    /// Frees what all threads share; once none of them runs. It may never have been prepared.
    /// </summary>
    public virtual void Dispose()
    {
    }
}
