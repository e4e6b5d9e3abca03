namespace NeuroDb.Tests.Simulation;

/// <summary>Where the values of the two columns of a table come from.</summary>
internal sealed class KeyColumns
{
    private static readonly int[] NullPeriods = [int.MaxValue, 20, 2];
    private readonly SeededRandomSource _random;
    private readonly KeyTable _table;
    private readonly KeySequence[] _sequences = new KeySequence[2];
    private readonly int[] _nullPeriods = new int[2];

    /// <summary>Chooses the sequences of a table.</summary>
    public KeyColumns(KeyTable table, SeededRandomSource random)
    {
        _table = table;
        _random = random;
        KeySequenceKind[] kinds = Enum.GetValues<KeySequenceKind>();
        for (int i = 0; i < 2; i++)
        {
            _sequences[i] = new KeySequence(random.Of(kinds), random);
            _nullPeriods[i] = random.Of(NullPeriods);
        }
    }

    /// <summary>A value of the sequence of a column.</summary>
    public object Next(bool isFirst) => TypeOf(isFirst).Make(_sequences[isFirst ? 0 : 1].Next());

    /// <summary>A value that the column may hold.</summary>
    /// <param name="isFirst">Which column.</param>
    /// <param name="isAny">Whether any value will do, as those of the sequence are taken.</param>
    public object? NextToStore(bool isFirst, bool isAny)
    {
        bool mayLack = isFirst ? _table.MayLackFirst : _table.MayLackSecond;
        if (mayLack && _random.OneIn(_nullPeriods[isFirst ? 0 : 1]))
        {
            return null;
        }

        return isAny ? TypeOf(isFirst).Make(_random.NextUInt64()) : Next(isFirst);
    }

    private KeyType TypeOf(bool isFirst) => isFirst ? _table.First : _table.Second;
}
