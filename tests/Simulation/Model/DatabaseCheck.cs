namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Reads an open database and compares it with the states that it may be in; lookups by keys must
/// find the rows that scans find.
/// </summary>
internal static class DatabaseCheck
{
    private const int LookupCount = 2;
    private const int FullLookupCountMax = 400;

    /// <summary>Finds the state that the database is in.</summary>
    /// <param name="session">A session of the database.</param>
    /// <param name="allowed">The states, oldest first.</param>
    /// <param name="random">Chooses the keys that are looked up.</param>
    /// <param name="isFull">Whether every key of a small table is looked up.</param>
    /// <param name="fault">What is wrong, or null.</param>
    public static ModelState? Match(
        Session session,
        IReadOnlyList<ModelState> allowed,
        SeededRandomSource random,
        bool isFull,
        out string? fault)
    {
        IReadOnlyList<string> names = session.GetTableNames();
        ulong digest = 0;
        foreach (string name in names)
        {
            digest += DigestOf(session, name);
        }

        for (int i = allowed.Count - 1; i >= 0; i--)
        {
            if (allowed[i].Digest == digest && allowed[i].Tables.Count == names.Count)
            {
                fault = CheckKeys(session, allowed[i], random, isFull);
                return allowed[i];
            }
        }

        ModelState found = Read(session, names);
        fault = $"the content is none of {allowed.Count} possible; against the last:\n    "
            + allowed[^1].Difference(found);
        if (allowed.Count > 1)
        {
            fault += $"\n  against the first:\n    {allowed[0].Difference(found)}";
        }

        return null;
    }

    /// <summary>
    /// Compares an open transaction, which may see other tables than there are now, with the one
    /// state that it must see.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public static string? CheckSnapshot(
        Session session, ModelState state, SeededRandomSource random)
    {
        ModelState found = Read(session, state.Tables.Keys);
        return found.Digest == state.Digest
            ? CheckKeys(session, state, random, isFull: false)
            : state.Difference(found);
    }

    /// <summary>The whole content.</summary>
    private static ModelState Read(Session session, IEnumerable<string> names)
    {
        ModelState state = ModelState.Empty;
        foreach (string name in names)
        {
            ModelTable table = ModelTable.Empty(name, DimensionOf(session, name));
            using ResultReader rows = session.Query(RowsOf(name, table.Dimension));
            while (rows.Read())
            {
                table = table.With(new ModelRow(
                    rows.GetInt64(0),
                    rows.IsNull(1) ? null : rows.GetString(1),
                    rows.IsNull(2) ? null : rows.GetInt64(2),
                    rows.IsNull(3) ? null : rows.GetVector(3).ToArray(),
                    rows.IsNull(4) ? null : rows.GetBlob(4).ToArray()));
            }

            state = state.With(table);
        }

        return state;
    }

    private static ulong DigestOf(Session session, string name)
    {
        ulong digest = 0;
        int count = 0;
        int dimension = DimensionOf(session, name);
        using ResultReader rows = session.Query(RowsOf(name, dimension));
        while (rows.Read())
        {
            count++;
            digest += ModelRow.DigestOf(
                rows.GetInt64(0),
                rows.IsNull(1) ? null : rows.GetString(1),
                rows.IsNull(2) ? null : rows.GetInt64(2),
                rows.IsNull(3) ? default : rows.GetVector(3).Span,
                rows.IsNull(4) ? default : rows.GetBlob(4).Span);
        }

        return ModelTable.DigestOf(name, dimension, digest, count);
    }

    private static string RowsOf(string name, int dimension) =>
        $"SELECT id, name, amount, CAST(vec AS VECTOR({dimension})), data FROM {name}";

    private static int DimensionOf(Session session, string name)
    {
        using ResultReader rows = session.Query($"SELECT vec FROM {name}");
        return rows.GetDataType(0).Length;
    }

    private static string? CheckKeys(
        Session session, ModelState state, SeededRandomSource random, bool isFull)
    {
        foreach (ModelTable table in state.Tables.Values)
        {
            using Statement byId = session.Prepare(
                $"SELECT name, amount FROM {table.Name} WHERE id = ?");
            using Statement byName = session.Prepare(
                $"SELECT id, amount FROM {table.Name} WHERE name = ?");
            int step = Math.Max(
                1, table.Rows.Count / (isFull ? FullLookupCountMax : LookupCount));
            int at = (int)(random.NextUInt64() % (ulong)step);
            int ordinal = 0;
            foreach (ModelRow row in table.Rows.Values)
            {
                if (ordinal++ % step == at && !IsFound(byId, byName, row))
                {
                    return $"{table.Name}: a lookup does not find {row}";
                }
            }

            if (CheckAmounts(session, table, at, isFull) is { } fault)
            {
                return fault;
            }

            if (NearestCheck.Find(session, table, random) is { } wrong)
            {
                return wrong;
            }

            if (HasRow(byId, -1L - at) || HasRow(byName, "nobody"))
            {
                return $"{table.Name}: a lookup finds a row that does not exist";
            }
        }

        return null;
    }

    // Equality and order by an index, if there is one: what a rebuild of it would give.
    private static string? CheckAmounts(
        Session session, ModelTable table, int at, bool isFull)
    {
        long[] amounts = [.. table.Rows.Values.Select(static row => row.Amount)
            .OfType<long>().Order()];
        int step = isFull ? Math.Max(1, amounts.Length / FullLookupCountMax) : amounts.Length;
        for (int i = at; i < amounts.Length; i += step)
        {
            long amount = amounts[i];
            if (session.QueryScalar<long>(
                $"SELECT count(*) FROM {table.Name} WHERE amount = ?", amount)
                    != amounts.Count(other => other == amount))
            {
                return $"{table.Name}: other rows have the amount {amount}";
            }
        }

        var found = new List<long>();
        using ResultReader rows = session.Query(
            $"SELECT amount FROM {table.Name} WHERE amount >= ? ORDER BY amount LIMIT 50",
            long.MinValue);
        while (rows.Read())
        {
            found.Add(rows.GetInt64(0));
        }

        return found.SequenceEqual(amounts.Take(50))
            ? null
            : $"{table.Name}: other rows have the least amounts";
    }

    private static bool HasRow(Statement statement, object key)
    {
        using ResultReader found = statement.Query(key);
        return found.Read();
    }

    private static bool IsFound(Statement byId, Statement byName, ModelRow row)
    {
        using (ResultReader found = byId.Query(row.Id))
        {
            if (!found.Read()
                || (found.IsNull(0) ? null : found.GetString(0)) != row.Name
                || (found.IsNull(1) ? null : found.GetInt64(1)) != row.Amount
                || found.Read())
            {
                return false;
            }
        }

        if (row.Name is null)
        {
            return true;
        }

        using ResultReader named = byName.Query(row.Name);
        return named.Read() && named.GetInt64(0) == row.Id && !named.Read();
    }
}
