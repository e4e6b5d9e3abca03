using System.Collections.Immutable;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Reads the tables of keys by scans, compares them with the states that they may be in, and asks
/// what an index may answer: the answers must be those of the rows, sorted.
/// </summary>
internal static class KeyCheck
{
    private const int DifferencesMax = 6;

    /// <summary>Finds the state that the database is in.</summary>
    /// <param name="session">A session of the database.</param>
    /// <param name="allowed">The states, oldest first.</param>
    /// <param name="random">Chooses the questions.</param>
    /// <param name="isFull">Whether all indexes are made again and asked again.</param>
    /// <param name="fault">What is wrong, or null.</param>
    public static KeyState? Match(
        Session session,
        IReadOnlyList<KeyState> allowed,
        SeededRandomSource random,
        bool isFull,
        out string? fault)
    {
        IReadOnlyList<string> names = session.GetTableNames();
        ulong digest = 0;
        foreach (string name in names)
        {
            ulong rows = 0;
            int count = 0;
            foreach (KeyRow row in Read(session, name))
            {
                rows += row.Digest;
                count++;
            }

            digest += KeyTable.DigestOf(name, rows, count);
        }

        KeyState? state = allowed.LastOrDefault(
            one => one.Digest == digest && one.Tables.Count == names.Count);
        fault = state is null
            ? $"the content is none of {allowed.Count} possible: "
                + Difference(session, allowed[^1], names)
            : Ask(session, state, random, isFull);
        return state;
    }

    /// <summary>Asks about one of the tables of a state.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? Ask(
        Session session, KeyState state, SeededRandomSource random, bool isFull,
        bool isInTransaction = false)
    {
        if (state.Tables.Count > 0)
        {
            KeyTable table = random.Of([.. state.Tables.Values]);
            var questions = new KeyQuestions(session, table, random, isInTransaction);
            string? fault = questions.Ask(isFull);
            if (fault is null && isFull)
            {
                session.Execute($"REINDEX {table.Name}");
                fault = questions.Ask(isFull) is { } wrong ? $"made again: {wrong}" : null;
            }

            if (fault is not null)
            {
                return $"{table.Definition}, {table.Rows.Count} rows: {fault}";
            }
        }

        return null;
    }

    private static IEnumerable<KeyRow> Read(Session session, string name)
    {
        using ResultReader rows = session.Query($"SELECT id, a, b FROM {name}");
        while (rows.Read())
        {
            yield return new KeyRow(rows.GetInt64(0), rows.GetValue(1), rows.GetValue(2));
        }
    }

    private static string Difference(
        Session session, KeyState state, IReadOnlyList<string> names)
    {
        var lines = new List<string>();
        foreach (string name in names.Union(state.Tables.Keys, StringComparer.Ordinal))
        {
            if (!names.Contains(name) || !state.Tables.TryGetValue(name, out KeyTable? table))
            {
                lines.Add($"{name} is missing or should not exist");
                continue;
            }

            ImmutableSortedDictionary<long, KeyRow> found =
                Read(session, name).ToImmutableSortedDictionary(
                    static row => row.Id, static row => row);
            lines.AddRange(found.Keys.Union(table.Rows.Keys)
                .Where(id => found.GetValueOrDefault(id)?.Digest
                    != table.Rows.GetValueOrDefault(id)?.Digest)
                .Select(id => $"{table.Definition}: expected {table.Rows.GetValueOrDefault(id)}, "
                    + $"found {found.GetValueOrDefault(id)}"));
        }

        return string.Join("\n    ", lines.Take(DifferencesMax));
    }
}
