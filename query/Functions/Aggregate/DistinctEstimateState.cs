using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// approx_count_distinct: HyperLogLog (P. Flajolet et al., AofA 2007) with 4096 registers of one
/// byte for each group, and linear counting while few are filled. The standard error is 1.04 /
/// sqrt(4096) = 1.6 percent.
/// </summary>
internal sealed class DistinctEstimateState(DataType type) : AggregateState
{
    private const int IndexBits = 12;
    private const int RegisterCount = 1 << IndexBits;
    private const double Alpha = 0.7213 / (1 + (1.079 / RegisterCount));

    private readonly KeyColumn _hasher = KeyColumn.Create(type);
    private byte[]?[] _registers = [];

    /// <inheritdoc/>
    public override void Update(ColumnBuffer[] arguments, ReadOnlySpan<int> groupOfRow)
    {
        var hashes = new ulong[groupOfRow.Length];
        _hasher.Hash(arguments[0], hashes);
        for (int i = 0; i < hashes.Length; i++)
        {
            if (!arguments[0].IsNull(i))
            {
                byte[] registers = RegistersOf(groupOfRow[i]);
                ulong hash = Hash64.Mix(hashes[i]);
                int index = (int)(hash >> (64 - IndexBits));
                int rank = BitOperations.LeadingZeroCount((hash << IndexBits) | 1) + 1;
                registers[index] = Math.Max(registers[index], (byte)rank);
            }
        }
    }

    /// <inheritdoc/>
    public override void Merge(int group, AggregateState source, int sourceGroup)
    {
        if (((DistinctEstimateState)source)._registers[sourceGroup] is not byte[] other)
        {
            return;
        }

        byte[] registers = RegistersOf(group);
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = Math.Max(registers[i], other[i]);
        }
    }

    private byte[] RegistersOf(int group)
    {
        if (_registers[group] is null)
        {
            _registers[group] = new byte[RegisterCount];
            Hold(RegisterCount);
        }

        return _registers[group]!;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Finish()
    {
        var counts = new long[GroupCount];
        for (int group = 0; group < counts.Length; group++)
        {
            counts[group] = Estimate(_registers[group]);
        }

        return new ColumnBuffer<long>(DataType.BigInt, counts);
    }

    /// <inheritdoc/>
    protected override void Grow(int count) => Resize(ref _registers, count);

    private static long Estimate(byte[]? registers)
    {
        if (registers is null)
        {
            return 0;
        }

        double sum = 0;
        int empty = 0;
        foreach (byte register in registers)
        {
            sum += Math.ScaleB(1, -register);
            empty += register == 0 ? 1 : 0;
        }

        double estimate = Alpha * RegisterCount * RegisterCount / sum;
        if (estimate <= 2.5 * RegisterCount && empty > 0)
        {
            estimate = RegisterCount * Math.Log((double)RegisterCount / empty);
        }

        return (long)Math.Round(estimate);
    }
}
