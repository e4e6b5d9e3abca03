using System.Text;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Makes random statements that fit a state of the model. Keys and names come from small pools, so
/// that rows come back after they were deleted and names wander between rows.
/// </summary>
internal sealed class ChangeGenerator(SeededRandomSource random)
{
    private const int TableMax = 4;
    private const int IdPool = 160;
    private const int NamePool = 400;
    private const int BulkIds = 100_000;

    /// <summary>A statement that changes tables or rows.</summary>
    public Change Next(ModelState state)
    {
        if (state.Tables.Count == 0 || (state.Tables.Count < TableMax && random.OneIn(14)))
        {
            return CreateTable(state);
        }

        ModelTable table = random.Of([.. state.Tables.Values]);
        return random.Below(20) switch
        {
            < 3 when table.IsLarge => DeleteFrom(
                state, table, BulkIds + random.Below(Limits.ChunkRowCount)),
            0 when state.Tables.Count > 1 && random.OneIn(2) => new Change(
                $"DROP TABLE {table.Name}", [], state.Without(table.Name)),
            0 or 1 when random.OneIn(4) => new Change(
                $"DELETE FROM {table.Name}",
                [],
                state.With(ModelTable.Empty(table.Name, table.Dimension))),
            < 8 => Insert(state, table, random.OneIn(12) ? 40 : 1 + random.Below(5)),
            < 12 => UpdateOne(state, table),
            < 14 => UpdateRange(state, table),
            < 16 => DeleteRange(state, table),
            < 18 => DeleteOne(state, table),
            _ => Insert(state, table, 1),
        };
    }

    /// <summary>An insert that is too large for one page of the log.</summary>
    public Change NextLarge(ModelState state, int sizeBytes)
    {
        if (state.Tables.Count == 0)
        {
            return CreateTable(state);
        }

        ModelTable table = random.Of([.. state.Tables.Values]);
        long id = FreeId(table);
        var row = new ModelRow(id, FreeName(table), id, null, Bytes(sizeBytes));
        return Insert(state, table, [row]);
    }

    /// <summary>An index comes or goes; the rows stay.</summary>
    public Change NextIndex(ModelState state)
    {
        string table = random.Of([.. state.Tables.Keys]);
        string sql = random.Below(9) switch
        {
            0 => $"DROP INDEX IF EXISTS amount_{table}",
            1 => $"DROP INDEX IF EXISTS vec_{table}",
            2 or 3 => $"CREATE INDEX IF NOT EXISTS vec_{table} ON {table} USING vector (vec)",
            4 => $"DROP INDEX IF EXISTS name_{table}",
            5 or 6 => $"CREATE UNIQUE INDEX IF NOT EXISTS name_{table} ON {table} (name)",
            _ => $"CREATE INDEX IF NOT EXISTS amount_{table} ON {table} (amount)",
        };
        return new Change(sql, [], state);
    }

    /// <summary>More rows than a chunk has; the text only says so.</summary>
    public Change NextBulk(ModelState state, ModelTable table)
    {
        ModelTable after = table;
        int count = Limits.ChunkRowCount + random.Below(200);
        long first = Math.Max(BulkIds, table.Rows.IsEmpty ? 0 : table.Rows.Keys.Last() + 1);
        for (int i = 0; i < count; i++)
        {
            float[]? vec = i % 16 == 0 ? BulkVector(table, i / 16) : null;
            string? name = i % 64 == 0 ? $"bulk {first + i}" : null;
            after = after.With(new ModelRow(first + i, name, i % 7 == 0 ? null : i, vec, null));
        }

        return new Change($"append {count} rows to {table.Name}", [first], state.With(after));
    }

    /// <summary>Runs what <see cref="NextBulk"/> made.</summary>
    public static void Append(Session session, string table, Change bulk)
    {
        using Appender appender = session.CreateAppender(table);
        ModelVectors vectors = bulk.After.Tables[table].Vectors;
        foreach (ModelRow row in bulk.After.Tables[table].Rows.Values.Where(
            row => row.Id >= (long)bulk.Parameters[0]!))
        {
            appender.AppendRow(
                row.Id, row.Name, row.Amount, vectors.Parameter(row.Vec), row.Data);
        }

        appender.Complete();
    }

    /// <summary>A statement that must fail, because its row is there already; or null.</summary>
    public string? NextDuplicate(ModelState state)
    {
        ModelTable? table = state.Tables.Values.FirstOrDefault(static t => !t.Rows.IsEmpty);
        return table is null
            ? null
            : $"INSERT INTO {table.Name} (id) VALUES ({FreeId(table)}), "
                + $"({random.Of([.. table.Rows.Keys])})";
    }

    private Change CreateTable(ModelState state)
    {
        int number = Enumerable.Range(0, TableMax + 1)
            .First(n => !state.Tables.ContainsKey($"t{n}"));
        ModelTable table = ModelTable.Empty($"t{number}", 1 + random.Below(9));
        return new Change(table.Definition, [], state.With(table));
    }

    private Change Insert(ModelState state, ModelTable table, int count)
    {
        var rows = new List<ModelRow>();
        ModelTable after = table;
        for (int i = 0; i < count; i++)
        {
            ModelRow row = Row(after, FreeId(after));
            after = after.With(row);
            rows.Add(row);
        }

        return Insert(state, table, rows);
    }

    private static Change Insert(ModelState state, ModelTable table, List<ModelRow> rows)
    {
        var sql = new StringBuilder($"INSERT INTO {table.Name} VALUES ");
        var parameters = new List<object?>();
        ModelTable after = table;
        foreach (ModelRow row in rows)
        {
            sql.Append(parameters.Count > 0 ? ", " : string.Empty).Append("(?, ?, ?, ?, ?)");
            parameters.AddRange(
                row.Id, row.Name, row.Amount, table.Vectors.Parameter(row.Vec), row.Data);
            after = after.With(row);
        }

        return new Change(sql.ToString(), [.. parameters], state.With(after));
    }

    private Change UpdateOne(ModelState state, ModelTable table)
    {
        if (table.Rows.IsEmpty)
        {
            return Insert(state, table, 1);
        }

        ModelRow old = random.Of([.. table.Rows.Values]);
        ModelRow row = Row(table.Without(old.Id), old.Id);
        return random.Below(3) switch
        {
            0 => new Change(
                $"UPDATE {table.Name} SET name = ?, amount = ?, vec = ?, data = ? WHERE id = ?",
                [row.Name, row.Amount, table.Vectors.Parameter(row.Vec), row.Data, row.Id],
                state.With(table.With(row))),
            1 => new Change(
                $"UPDATE {table.Name} SET name = ? WHERE id = ?",
                [row.Name, row.Id],
                state.With(table.With(
                    new ModelRow(old.Id, row.Name, old.Amount, old.Vec, old.Data)))),
            _ => MoveKey(state, table, old),
        };
    }

    private Change MoveKey(ModelState state, ModelTable table, ModelRow old)
    {
        long id = FreeId(table);
        return new Change(
            $"UPDATE {table.Name} SET id = ? WHERE id = ?",
            [id, old.Id],
            state.With(table.Without(old.Id).With(
                new ModelRow(id, old.Name, old.Amount, old.Vec, old.Data))));
    }

    private Change UpdateRange(ModelState state, ModelTable table)
    {
        (long from, long to) = Range();
        ModelTable after = table;
        foreach (ModelRow old in table.Rows.Values.Where(row => row.Id >= from && row.Id <= to))
        {
            after = after.With(
                new ModelRow(old.Id, old.Name, old.Amount + 1000, old.Vec, old.Data));
        }

        return new Change(
            $"UPDATE {table.Name} SET amount = amount + 1000 WHERE id BETWEEN ? AND ?",
            [from, to],
            state.With(after));
    }

    private Change DeleteRange(ModelState state, ModelTable table)
    {
        (long from, long to) = Range();
        ModelTable after = table;
        foreach (long id in table.Rows.Keys.Where(id => id >= from && id <= to))
        {
            after = after.Without(id);
        }

        return new Change(
            $"DELETE FROM {table.Name} WHERE id >= ? AND id <= ?", [from, to], state.With(after));
    }

    private static Change DeleteFrom(ModelState state, ModelTable table, long from)
    {
        ModelTable after = table;
        foreach (long id in table.Rows.Keys.Where(id => id >= from))
        {
            after = after.Without(id);
        }

        return new Change(
            $"DELETE FROM {table.Name} WHERE id >= ?", [from], state.With(after));
    }

    private Change DeleteOne(ModelState state, ModelTable table)
    {
        long id = table.Rows.IsEmpty ? 7 : random.Of([.. table.Rows.Keys]);
        return new Change(
            $"DELETE FROM {table.Name} WHERE id = ?", [id], state.With(table.Without(id)));
    }

    private (long From, long To) Range()
    {
        long from = random.Below(IdPool);
        return (from, from + random.Below(25));
    }

    private ModelRow Row(ModelTable table, long id)
    {
        float[]? vec = random.OneIn(4) ? null : new float[table.Dimension];
        for (int i = 0; i < vec?.Length; i++)
        {
            vec[i] = table.Vectors.Element(random.Below(2000));
        }

        return new ModelRow(
            id,
            random.OneIn(4) ? null : FreeName(table),
            random.OneIn(6) ? null : random.Below(100_000),
            vec,
            random.OneIn(3) ? Bytes(1 + random.Below(random.OneIn(8) ? 6000 : 200)) : null);
    }

    // A number in different bases, so that equal ones are few.
    private static float[] BulkVector(ModelTable table, int number)
    {
        var vector = new float[table.Dimension];
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] = table.Vectors.Element(number * (i + 1) / (1 + (i % 3)));
        }

        return vector;
    }

    private long FreeId(ModelTable table)
    {
        long id = random.Below(IdPool);
        while (table.Rows.ContainsKey(id))
        {
            id++;
        }

        return id;
    }

    private string FreeName(ModelTable table)
    {
        int number = random.Below(NamePool);
        string name;
        do
        {
            name = $"name {number++}" + (number % 9 == 0 ? new string('x', number) : string.Empty);
        }
        while (table.Names.Contains(name));
        return name;
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }

        return bytes;
    }
}
