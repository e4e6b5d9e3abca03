namespace NeuroDb.Query;

/// <summary>
/// How fast work in the background may go. While users run statements it has a share of one
/// processor, in slices so short that whoever meets one hardly notices; otherwise it goes on with
/// as little rest as the clock allows. It never stops: every slice does something, and every rest
/// ends. Pure arithmetic over times that others measured; read by any thread.
/// </summary>
internal sealed class WorkPace
{
    /// <summary>The share, in percent, of a database that says nothing of it.</summary>
    public const int SharePercentUsual = 10;

    /// <summary>The share that makes no way for users.</summary>
    public const int SharePercentMax = 100;

    /// <summary>The most rows of a slice: the commit of one stays small.</summary>
    public const int RowCountMax = 256;

    private const int RowCountFirst = 4;

    private static readonly TimeSpan SliceBeside = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SliceAlone = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(1);

    private int _sharePercent = SharePercentUsual;

    /// <summary>The part of one processor that the work has beside statements, 1 to 100.</summary>
    public int SharePercent
    {
        get => Volatile.Read(ref _sharePercent);
        set
        {
            Invariant.Check(value is >= 1 and <= SharePercentMax);
            Volatile.Write(ref _sharePercent, value);
        }
    }

    /// <summary>
    /// How long to rest after work: the work is to be its share of work and rest together.
    /// </summary>
    /// <param name="worked">How long the work took, without what does not count.</param>
    /// <param name="isBeside">Whether users run statements.</param>
    public TimeSpan RestAfter(TimeSpan worked, bool isBeside)
    {
        double share = isBeside ? SharePercent : SharePercentMax;
        TimeSpan rest = worked * ((SharePercentMax - share) / share);
        return rest > RestMin ? rest : RestMin;
    }

    /// <summary>
    /// How many rows the next slice takes, by what the last one needed: at most twice as many as
    /// it had, at least one.
    /// </summary>
    /// <param name="rowCount">The rows of the last slice; zero if there was none.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="isBeside">Whether users run statements.</param>
    public static int NextRowCount(int rowCount, TimeSpan took, bool isBeside)
    {
        if (rowCount == 0)
        {
            return RowCountFirst;
        }

        TimeSpan aim = isBeside ? SliceBeside : SliceAlone;
        long most = Math.Min(RowCountMax, 2L * rowCount);
        double fitting = rowCount * (aim / TimeSpan.FromTicks(Math.Max(1, took.Ticks)));
        return (int)Math.Clamp(fitting, 1, most);
    }
}
