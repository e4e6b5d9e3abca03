namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Counts the calls of each kind and lets one of them fail, or that one and all later ones, or
/// every one that needs more room than there is.
/// </summary>
internal sealed class DiskFaults
{
    private readonly long[] _counts = new long[Enum.GetValues<DiskCallKind>().Length];

    /// <summary>The kind of call that fails; none by default.</summary>
    public DiskCallKind? Kind { get; set; }

    /// <summary>The number of the call that fails, among those of its kind, from 0.</summary>
    public long At { get; set; }

    /// <summary>Whether all later calls of that kind fail too.</summary>
    public bool IsSticky { get; set; }

    /// <summary>The bytes that fit on the disk.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>The faults that happened.</summary>
    public long FaultCount { get; private set; }

    /// <summary>The most bytes that all files had together.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The calls of a kind so far.</summary>
    public long CountOf(DiskCallKind kind) => _counts[(int)kind];

    /// <summary>Counts a call.</summary>
    /// <returns>Whether it fails.</returns>
    public bool Fails(DiskCallKind kind)
    {
        long number = _counts[(int)kind]++;
        bool fails = kind == Kind && (number == At || (IsSticky && number > At));
        FaultCount += fails ? 1 : 0;
        return fails;
    }

    /// <summary>Raises the error of a full disk if it would be more than full.</summary>
    /// <param name="usedBytes">The bytes of all files after the change.</param>
    public void CheckRoom(long usedBytes)
    {
        PeakBytes = Math.Max(PeakBytes, usedBytes);
        if (usedBytes > CapacityBytes)
        {
            FaultCount++;
            throw new IOException("No space left on the simulated device");
        }
    }

    /// <summary>Mends everything.</summary>
    public void Clear()
    {
        Kind = null;
        CapacityBytes = long.MaxValue;
    }

    /// <summary>The error of a call that fails.</summary>
    public static IOException Error(DiskCallKind kind, string path) =>
        new($"Input/output error of the simulated device: {kind} {path}");
}
