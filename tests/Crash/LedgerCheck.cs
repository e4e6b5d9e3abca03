using System.Globalization;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// Compares an open database with the ledger: of each writer it must hold a whole number of
/// transactions, no fewer than were promised and at most one more than were acknowledged.
/// </summary>
internal static class LedgerCheck
{
    /// <summary>What a writer may be found at.</summary>
    /// <param name="Lowest">The last transaction that must be there.</param>
    /// <param name="Highest">The last transaction that may be there.</param>
    public readonly record struct Bounds(long Lowest, long Highest);

    /// <summary>Checks everything.</summary>
    /// <param name="database">The database.</param>
    /// <param name="bounds">What each writer may be found at.</param>
    /// <param name="lasts">The last transaction of each writer.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Run(NeuroStore database, ReadOnlySpan<Bounds> bounds, out long[] lasts)
    {
        lasts = new long[Ledger.WriterCount];
        Invariant.Check(bounds.Length >= lasts.Length);
        using Session session = database.OpenSession();
        IReadOnlyList<string> tables = session.GetTableNames();
        if (tables.Count == 0)
        {
            foreach (Bounds bound in bounds[..lasts.Length])
            {
                if (bound.Lowest > 0)
                {
                    return "the tables are gone";
                }
            }

            return null;
        }

        var rows = new SortedDictionary<long, long>();
        var expected = new SortedSet<string>(StringComparer.Ordinal) { "entries", "progress" };
        for (int writer = 0; writer < lasts.Length; writer++)
        {
            long last = session.QueryScalar<long>(
                "SELECT last FROM progress WHERE writer = ?", writer);
            if (last < bounds[writer].Lowest || last > bounds[writer].Highest)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"writer {writer} is at {last}, not in {bounds[writer]}");
            }

            lasts[writer] = last;
            Ledger.AddState(writer, last, rows);
            long table = Ledger.NewestTable(last);
            if (table > 0)
            {
                expected.Add(Ledger.TableOf(writer, table));
            }
        }

        return expected.SetEquals(tables)
            ? CheckTables(session, lasts) ?? CheckRows(session, rows)
            : $"the tables are {string.Join(", ", tables)}";
    }

    private static string? CheckTables(Session session, long[] lasts)
    {
        for (int writer = 0; writer < lasts.Length; writer++)
        {
            long n = Ledger.NewestTable(lasts[writer]);
            if (n > 0 && session.QueryScalar<long>(
                $"SELECT sum(n) FROM {Ledger.TableOf(writer, n)}") != Ledger.SumOf(n))
            {
                return $"table {Ledger.TableOf(writer, n)} has other contents";
            }
        }

        return null;
    }

    private static string? CheckRows(Session session, SortedDictionary<long, long> expected)
    {
        using ResultReader rows = session.Query(
            "SELECT id, side, amount, vec, CAST(half AS VECTOR(16)), CAST(small AS VECTOR(16)), "
            + "CAST(bits AS VECTOR(16)) FROM entries ORDER BY id");
        foreach ((long id, long amount) in expected)
        {
            if (!rows.Read() || rows.GetInt64(0) != id)
            {
                return $"row {id} is missing";
            }

            if (rows.GetInt64(2) != amount
                || rows.GetString(1) != Ledger.SideOf(id)
                || !rows.GetVector(3).Span.SequenceEqual(Ledger.VectorOf(id))
                || !rows.GetVector(4).Span.SequenceEqual(Ledger.VectorOf(id))
                || !rows.GetVector(5).Span.SequenceEqual(
                    Array.ConvertAll(Ledger.SmallOf(id), static number => (float)number))
                || !rows.GetVector(6).Span.SequenceEqual(
                    Array.ConvertAll(Ledger.VectorOf(id), static number => number % 2)))
            {
                return $"row {id} has other contents";
            }
        }

        return rows.Read() ? $"row {rows.GetInt64(0)} should not exist" : null;
    }
}
