using System.Buffers;
using System.Runtime.CompilerServices;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What parts of plans gave when EXPLAIN ANALYZE ran them (M. Stillger et al., "LEO - DB2's
/// LEarning Optimizer", VLDB 2001): taken instead of an estimate of the same part as long as none
/// of its tables changes. Shared by all sessions; kept in memory with the tables, and stored when
/// the database is closed.
/// </summary>
internal static class EstimateFeedback
{
    private const int CountMax = 1024;
    private const int TableCountMax = 64;
    private const byte FormatVersion = 1;

    private static readonly ConditionalWeakTable<VersionedTable, TableFeedback> Known = [];
    private static int _count;

    /// <summary>What was seen of a part of a plan; null if nothing was, or its tables changed.
    /// </summary>
    public static double? Find(EstimateKey key)
    {
        if (Volatile.Read(ref _count) == 0
            || !Known.TryGetValue(key.Tables[0].Rows, out var known))
        {
            return null;
        }

        lock (known.Seen)
        {
            if (!known.Seen.TryGetValue(key.Text, out (double Rows, TableState[] States) seen))
            {
                return null;
            }

            if (key.Tables.Select(TableState.Of).SequenceEqual(seen.States))
            {
                return seen.Rows;
            }

            known.Seen.Remove(key.Text);
            return null;
        }
    }

    /// <summary>Keeps what operators of a plan that ran gave.</summary>
    public static void Take(PlanNode plan, PlanProfile profile) =>
        Take(plan, profile, isWhole: true, []);

    /// <summary>How often something new was learned of a table: plans look again then.</summary>
    public static long VersionOf(VersionedTable table) =>
        Known.TryGetValue(table, out TableFeedback? known) ? Volatile.Read(ref known.Version) : 0;

    /// <summary>Something new is known of a table.</summary>
    public static void Touch(VersionedTable table) =>
        Interlocked.Increment(ref Known.GetOrCreateValue(table).Version);

    // Only of operators that gave all their rows: none above it ends early, and no keys of a join
    // above it thinned out a scan below it.
    private static void Take(
        PlanNode node, PlanProfile profile, bool isWhole, HashSet<TableScan> thinned)
    {
        if (isWhole && node.Estimate is { Key: { } key }
            && profile.Find(node) is { Starts: 1 } seen && !Thins(node, thinned))
        {
            Keep(key, seen.Rows);
        }

        if (node is SharedRows)
        {
            return;
        }

        isWhole &= node is not (Limit or TopK or Apply or Recursion or IndexJoin)
            && !(node is HashJoin { Shape.OnePartnerDecides: true });
        HashSet<TableScan> below = thinned;
        if (node is HashJoin join)
        {
            below = [.. thinned, .. join.LeftTargets.Select(static target => target.Scan)];
            below.UnionWith(join.RightTargets.Select(static target => target.Scan));
        }

        foreach (PlanNode child in node.Children)
        {
            Take(child, profile, isWhole, below);
        }
    }

    private static bool Thins(PlanNode node, HashSet<TableScan> thinned) =>
        (node is TableScan scan && thinned.Contains(scan))
        || (node is not SharedRows && node.Children.Any(child => Thins(child, thinned)));

    private static void Keep(EstimateKey key, double rows)
    {
        TableFeedback known = Known.GetOrCreateValue(key.Tables[0].Rows);
        known.Put(key.Text, rows, [.. key.Tables.Select(TableState.Of)]);
        known.IsUnsaved = true;
        Interlocked.Increment(ref _count);
        foreach (TableEntry table in key.Tables)
        {
            Touch(table.Rows);
        }
    }

    /// <summary>
    /// What is to be stored of plans that begin with a table; null if it is stored already.
    /// </summary>
    public static byte[]? TakeUnsaved(TableEntry table)
    {
        if (!Known.TryGetValue(table.Rows, out TableFeedback? known) || !known.IsUnsaved)
        {
            return null;
        }

        var writer = new ArrayBufferWriter<byte>();
        TableState now = TableState.Of(table);
        lock (known.Seen)
        {
            known.IsUnsaved = false;
            var current = known.Seen
                .Where(item => item.Value.States.Contains(now))
                .OrderBy(static item => item.Key, StringComparer.Ordinal)
                .ToList();
            writer.WriteByte(FormatVersion);
            writer.WriteInt32(current.Count);
            foreach ((string text, (double rows, TableState[] states)) in current)
            {
                writer.WriteText(text);
                writer.WriteInt64(BitConverter.DoubleToInt64Bits(rows));
                writer.WriteInt32(states.Length);
                writer.WriteRaw<TableState>(states);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Takes what was stored; of another version nothing.</summary>
    public static void Restore(TableEntry table, byte[] data)
    {
        RecordReader reader = StatisticsCodec.Start(data);
        if (reader.ReadByte() != FormatVersion)
        {
            return;
        }

        TableFeedback known = Known.GetOrCreateValue(table.Rows);
        for (int left = reader.ReadCount(CountMax, "measured parts"); left > 0; left--)
        {
            string text = reader.ReadText();
            double rows = BitConverter.Int64BitsToDouble(reader.ReadInt64());
            reader.Check(rows >= 0, "a number of rows");
            var states = new TableState[reader.ReadCount(TableCountMax, "tables")];
            reader.ReadRaw(states.AsSpan());
            known.Put(text, rows, states);
            Interlocked.Increment(ref _count);
        }
    }

    /// <summary>What was seen of parts that begin with one table.</summary>
    private sealed class TableFeedback
    {
        public long Version;
        public volatile bool IsUnsaved;

        public Dictionary<string, (double Rows, TableState[] States)> Seen { get; } = [];

        public void Put(string text, double rows, TableState[] states)
        {
            lock (Seen)
            {
                if (Seen.Count >= CountMax)
                {
                    Seen.Clear();
                }

                Seen[text] = (rows, states);
            }
        }
    }
}
