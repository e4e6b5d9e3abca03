using System.Text;

namespace NeuroDb.Tests.Simulation;

/// <summary>Makes random statements about keys that fit a state of the model.</summary>
internal sealed class KeyChangeGenerator(SeededRandomSource random)
{
    private const int TableMax = 3;
    private const int RowMax = 1500;
    private const int AppendedMin = 40;
    private const int Attempts = 30;
    private readonly Dictionary<string, KeyColumns> _columns = [];

    /// <summary>A statement that changes tables or rows.</summary>
    public KeyChange Next(KeyState state)
    {
        if (state.Tables.Count == 0 || (state.Tables.Count < TableMax && random.OneIn(12)))
        {
            return CreateTable(state);
        }

        KeyTable table = random.Of([.. state.Tables.Values]);
        return random.Below(20) switch
        {
            0 when state.Tables.Count > 1 && random.OneIn(3) => new KeyChange(
                $"DROP TABLE {table.Name}", [], state.Without(table.Name)),
            < 9 when table.Rows.Count < RowMax => Insert(state, table, Count()),
            < 11 => Upsert(state, table),
            < 15 => Update(state, table),
            < 18 => DeleteEqual(state, table),
            _ => DeleteRange(state, table),
        };
    }

    /// <summary>Many rows at once.</summary>
    public KeyChange NextLoad(KeyState state, int count) => state.Tables.Count == 0
        ? CreateTable(state)
        : Insert(state, random.Of([.. state.Tables.Values]), count);

    /// <summary>An index comes, goes or is made again; the rows stay.</summary>
    public KeyChange NextIndex(KeyState state)
    {
        KeyTable table = random.Of([.. state.Tables.Values]);
        int number = random.Below(KeyTable.Orders.Count + 1);
        bool isUnique = number == KeyTable.Orders.Count;
        string name = $"i{number}_{table.Name}";
        string order = isUnique ? "a" : KeyTable.Orders[number];
        string unique = isUnique && table.Form != KeyForm.Plain && table.Form != KeyForm.Pair
            ? "UNIQUE " : string.Empty;
        string sql = random.Below(6) switch
        {
            0 or 1 => $"DROP INDEX IF EXISTS {name}",
            2 => $"REINDEX {table.Name}",
            _ => $"CREATE {unique}INDEX IF NOT EXISTS {name} ON {table.Name} ({order})",
        };
        return new KeyChange(sql, [], state);
    }

    /// <summary>A value of the first or second column; often one that is there.</summary>
    public object? Probe(KeyTable table, bool isFirst)
    {
        if (table.Rows.Count > 0 && !random.OneIn(4))
        {
            KeyRow row = RowOf(table);
            return isFirst ? row.A : row.B;
        }

        return ColumnsOf(table).Next(isFirst);
    }

    /// <summary>Some row.</summary>
    public KeyRow RowOf(KeyTable table)
    {
        // Not every row is equally likely, but none is found by passing over all of them.
        long least = table.Rows.Keys.First();
        long greatest = table.Rows.Keys.Last();
        for (int i = 0; i < Attempts; i++)
        {
            long id = least + (long)(random.NextUInt64() % (ulong)(greatest - least + 1));
            if (table.Rows.TryGetValue(id, out KeyRow? row))
            {
                return row;
            }
        }

        return table.Rows[least];
    }

    private int Count() => random.Below(8) switch
    {
        0 => 300 + random.Below(500),
        < 3 => AppendedMin + random.Below(100),
        _ => 1 + random.Below(6),
    };

    private KeyColumns ColumnsOf(KeyTable table)
    {
        if (!_columns.TryGetValue(table.Definition, out KeyColumns? columns))
        {
            columns = new KeyColumns(table, random);
            _columns.Add(table.Definition, columns);
        }

        return columns;
    }

    private KeyChange CreateTable(KeyState state)
    {
        KeyTable table = KeyTable.Empty(
            $"k{state.Made}",
            (KeyForm)random.Below(Enum.GetValues<KeyForm>().Length),
            random.Of(KeyType.All),
            random.Of(KeyType.All));
        return new KeyChange(table.Definition, [], state.Make(table));
    }

    private KeyRow? NewRow(KeyTable table, long id)
    {
        KeyColumns columns = ColumnsOf(table);
        for (int i = 0; i < Attempts; i++)
        {
            var row = new KeyRow(
                id,
                columns.NextToStore(isFirst: true, i >= Attempts / 2),
                columns.NextToStore(isFirst: false, i >= Attempts / 2));
            if (table.HasRoom(row))
            {
                return row;
            }
        }

        return null;
    }

    private KeyChange Insert(KeyState state, KeyTable table, int count)
    {
        var rows = new List<KeyRow>();
        KeyTable after = table;
        long id = table.Rows.IsEmpty ? 1 : table.Rows.Keys.Last() + 1;
        while (rows.Count < count && NewRow(after, id++) is { } row)
        {
            after = after.With(row);
            rows.Add(row);
        }

        if (rows.Count >= AppendedMin)
        {
            return new KeyChange(table.Name, [], state.With(after), rows);
        }

        if (rows.Count == 0)
        {
            return DeleteRange(state, table);
        }

        var sql = new StringBuilder($"INSERT INTO {table.Name} VALUES ");
        sql.AppendJoin(", ", rows.Select(static _ => "(?, ?, ?)"));
        object?[] parameters = [.. rows.SelectMany(
            static row => (object?[])[row.Id, row.A, row.B])];
        return new KeyChange(sql.ToString(), parameters, state.With(after));
    }

    private KeyChange Upsert(KeyState state, KeyTable table)
    {
        if (table.Form is not (KeyForm.Primary or KeyForm.Unique)
            || Probe(table, isFirst: true) is not { } key)
        {
            return Insert(state, table, 1);
        }

        long id = table.Rows.IsEmpty ? 1 : table.Rows.Keys.Last() + 1;
        object? value = Probe(table, isFirst: false);
        KeyRow? old = table.Rows.Values.FirstOrDefault(
            row => row.A is not null && table.First.Compare(row.A, key) == 0);
        KeyRow row = old is null
            ? new KeyRow(id, key, value)
            : new KeyRow(old.Id, old.A, value);
        return new KeyChange(
            $"INSERT INTO {table.Name} VALUES (?, ?, ?) ON CONFLICT (a) "
                + "DO UPDATE SET b = excluded.b",
            [id, key, value],
            state.With(table.With(row)));
    }

    private KeyChange Update(KeyState state, KeyTable table)
    {
        if (table.Rows.IsEmpty)
        {
            return Insert(state, table, 1);
        }

        KeyRow old = RowOf(table);
        if (table.Form != KeyForm.Pair && random.OneIn(2))
        {
            object? key = Probe(table, isFirst: true);
            object? value = Probe(table, isFirst: false);
            return new KeyChange(
                $"UPDATE {table.Name} SET b = ? WHERE a = ?",
                [value, key],
                state.With(Change(
                    table,
                    row => table.First.AreEqual(row.A, key),
                    row => new KeyRow(row.Id, row.A, value))));
        }

        return NewRow(table.Without(old.Id), old.Id) is not { } moved
            ? DeleteRange(state, table)
            : new KeyChange(
                $"UPDATE {table.Name} SET a = ?, b = ? WHERE id = ?",
                [moved.A, moved.B, old.Id],
                state.With(table.With(moved)));
    }

    private KeyChange DeleteEqual(KeyState state, KeyTable table)
    {
        bool isFirst = random.OneIn(2);
        object? key = Probe(table, isFirst);
        KeyType type = isFirst ? table.First : table.Second;
        bool IsGone(KeyRow row) => type.AreEqual(isFirst ? row.A : row.B, key);
        return table.Rows.Values.Count(IsGone) > table.Rows.Count / 4
            ? Insert(state, table, 1)
            : new KeyChange(
                $"DELETE FROM {table.Name} WHERE {(isFirst ? 'a' : 'b')} = ?",
                [key],
                state.With(Change(table, IsGone, static _ => null)));
    }

    private KeyChange DeleteRange(KeyState state, KeyTable table)
    {
        bool isFirst = random.OneIn(2);
        object? low = Probe(table, isFirst);
        object? high = Probe(table, isFirst);
        KeyType type = isFirst ? table.First : table.Second;
        bool IsGone(KeyRow row)
        {
            object? value = isFirst ? row.A : row.B;
            return value is not null && low is not null && high is not null
                && type.Compare(value!, low!) >= 0 && type.Compare(value!, high!) < 0;
        }

        string column = isFirst ? "a" : "b";
        return table.Rows.Values.Count(IsGone) > table.Rows.Count / 3 && !random.OneIn(6)
            ? Insert(state, table, 1)
            : new KeyChange(
                $"DELETE FROM {table.Name} WHERE {column} >= ? AND {column} < ?",
                [low, high],
                state.With(Change(table, IsGone, static _ => null)));
    }

    private static KeyTable Change(
        KeyTable table, Func<KeyRow, bool> isMeant, Func<KeyRow, KeyRow?> change)
    {
        KeyTable after = table;
        foreach (KeyRow row in table.Rows.Values.Where(isMeant))
        {
            after = change(row) is { } other ? after.With(other) : after.Without(row.Id);
        }

        return after;
    }
}
