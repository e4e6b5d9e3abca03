namespace NeuroDb.Query;

/// <summary>
/// How fast work in the background may go. While users run statements it has a share of one
/// processor, in the shortest slices that its rests of a millisecond allow; otherwise it goes on
/// with as little rest as the clock allows. It never stops: every slice does something, and every
/// rest ends. Pure arithmetic over times that others measured; read by any thread.
/// </summary>
/// <remarks>
/// A slice is in the way for as long as it lasts, whoever it meets: a system lets a thread that was
/// woken go on for about a millisecond, and what a user's write waits for, its completion and the
/// flush behind it, may need the processor of the slice. Only a rest gives it back.
/// </remarks>
internal sealed class WorkPace
{
    /// <summary>The share, in percent, of a database that says nothing of it.</summary>
    public const int SharePercentUsual = 10;

    /// <summary>The share that makes no way for users.</summary>
    public const int SharePercentMax = 100;

    /// <summary>The most rows of a slice: the commit of one stays small.</summary>
    public const int RowCountMax = 256;

    // Beside statements: a user's commit writes the rows to the log together with his own.
    private const int StoredRowCountMax = 32;

    private const int RowCountFirst = 4;

    /// <summary>The shortest rest, as the clock has it.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan SliceMin = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan SliceAlone = TimeSpan.FromMilliseconds(8);

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
    /// The rest that work asks for: the work is to be its share of work and rest together.
    /// </summary>
    /// <param name="worked">How long the work took, without what does not count.</param>
    /// <param name="isBeside">Whether users run statements.</param>
    public TimeSpan RestAfter(TimeSpan worked, bool isBeside)
    {
        double share = isBeside ? SharePercent : SharePercentMax;
        return worked * ((SharePercentMax - share) / share);
    }

    /// <summary>
    /// How long a slice is to take: beside users as long as its share allows with the shortest
    /// rest behind it.
    /// </summary>
    public TimeSpan SliceOf(bool isBeside)
    {
        double share = isBeside ? SharePercent : SharePercentMax;
        double ticks = RestMin.Ticks * share / (SharePercentMax - share);
        return ticks >= SliceAlone.Ticks ? SliceAlone
            : ticks <= SliceMin.Ticks ? SliceMin
            : TimeSpan.FromTicks((long)ticks);
    }

    /// <summary>
    /// How many rows the next slice takes, by what the last one needed: at most twice as many as
    /// it had, at least one.
    /// </summary>
    /// <param name="last">The last slice of this kind; none has no rows.</param>
    /// <param name="isBeside">Whether users run statements.</param>
    public int NextRowCount(PastSlice last, bool isBeside)
    {
        if (last.RowCount == 0)
        {
            return RowCountFirst;
        }

        TimeSpan aim = SliceOf(isBeside);
        long most = Math.Min(RowCountMax, 2L * last.RowCount);
        double fitting = last.RowCount * (aim / TimeSpan.FromTicks(Math.Max(1, last.Took.Ticks)));
        return (int)Math.Clamp(fitting, 1, most);
    }

    /// <summary>How many rows whose values are made one commit stores, as above.</summary>
    public int NextStoredCount(PastSlice last, bool isBeside) => Math.Min(
        NextRowCount(last, isBeside), isBeside ? StoredRowCountMax : RowCountMax);
}
