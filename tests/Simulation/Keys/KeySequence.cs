namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Numbers in an order that is chosen to hurt an index that learns: 64 bits at a time.
/// </summary>
internal sealed class KeySequence(KeySequenceKind kind, SeededRandomSource random)
{
    private const int StepLength = 50;
    private const int Steepness = 24;
    private ulong _count;
    private ulong _last;

    /// <summary>The next number.</summary>
    public ulong Next()
    {
        ulong number = _count++;
        _last = kind switch
        {
            KeySequenceKind.Descending => (1UL << 62) - (number * 1000)
                - (ulong)random.Below(1000),
            KeySequenceKind.Gaps => _last + (1UL << (int)(number / Steepness % 48)),
            KeySequenceKind.Stairs => (number / StepLength << 40) + (number % StepLength),
            KeySequenceKind.Outlier => random.OneIn(200)
                ? ulong.MaxValue - (ulong)random.Below(3)
                : random.NextUInt64() >> 40,
            KeySequenceKind.OneKey => 77,
            KeySequenceKind.FewKeys => (ulong)random.Below(7) << 60,
            KeySequenceKind.Zigzag => number % 2 == 0 ? number * 3 : ulong.MaxValue - number,
            KeySequenceKind.Middle => (1UL << 63) - 300 + (ulong)random.Below(600),
            _ => random.NextUInt64(),
        };
        return _last;
    }
}
