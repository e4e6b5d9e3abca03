namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Questions about one table that an index may answer, each compared with the rows of the model.
/// </summary>
internal sealed class KeyQuestions(
    Session session, KeyTable table, SeededRandomSource random, bool isInTransaction)
{
    private const int SomeCount = 5;
    private const int ListMax = 40;
    private const int LimitMax = 60;
    private readonly KeyChangeGenerator _probes = new(random);
    private readonly KeyRow[] _rows = [.. table.Rows.Values];

    /// <summary>Asks some, or one of each kind.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Ask(bool isFull)
    {
        bool isFirst = random.OneIn(2);
        Func<string?>[] kinds =
        [
            () => Point(isFirst), () => Absent(isFirst), () => List(isFirst),
            () => Range(isFirst), Both, Order, () => OrderWithin(isFirst),
            () => Extremes(isFirst), () => Prefix(isFirst), () => Join(isFirst), Duplicate,
        ];
        string? fault = null;
        for (int i = 0; i < (isFull ? kinds.Length : SomeCount) && fault is null; i++)
        {
            fault = (isFull ? kinds[i] : random.Of(kinds))();
        }

        return fault;
    }

    private KeyType TypeOf(bool isFirst) => isFirst ? table.First : table.Second;

    private static string NameOf(bool isFirst) => isFirst ? "a" : "b";

    private static object? ValueOf(KeyRow row, bool isFirst) => isFirst ? row.A : row.B;

    private string? Point(bool isFirst)
    {
        object? key = _probes.Probe(table, isFirst);
        return Rows(
            $"{NameOf(isFirst)} = ?",
            [key],
            row => TypeOf(isFirst).AreEqual(ValueOf(row, isFirst), key));
    }

    private string? Absent(bool isFirst) => Rows(
        $"{NameOf(isFirst)} IS NULL", [], row => ValueOf(row, isFirst) is null);

    private string? List(bool isFirst)
    {
        object?[] keys = new object?[1 + random.Below(ListMax)];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = i > 0 && random.OneIn(6) ? keys[i - 1] : _probes.Probe(table, isFirst);
        }

        return Rows(
            $"{NameOf(isFirst)} IN ({string.Join(", ", keys.Select(static _ => "?"))})",
            keys,
            row => keys.Any(key => TypeOf(isFirst).AreEqual(ValueOf(row, isFirst), key)));
    }

    private string? Range(bool isFirst)
    {
        (string condition, object?[] bounds, Func<KeyRow, bool> isMeant) = Between(isFirst);
        return Rows(condition, bounds, isMeant);
    }

    private (string Condition, object?[] Bounds, Func<KeyRow, bool> IsMeant) Between(bool isFirst)
    {
        object? low = _probes.Probe(table, isFirst);
        object? high = _probes.Probe(table, isFirst);
        KeyType type = TypeOf(isFirst);
        if (low is not null && high is not null && type.Compare(low!, high!) > 0)
        {
            (low, high) = (high, low);
        }

        bool isLowIn = random.OneIn(2);
        bool isHighIn = random.OneIn(2);
        int sides = random.Below(4);
        string column = NameOf(isFirst);
        string above = $"{column} >{(isLowIn ? "=" : "")} ?";
        string below = $"{column} <{(isHighIn ? "=" : "")} ?";
        bool IsAbove(KeyRow row) => IsOrdered(type, low, ValueOf(row, isFirst), isLowIn);
        bool IsBelow(KeyRow row) => IsOrdered(type, ValueOf(row, isFirst), high, isHighIn);
        return sides switch
        {
            0 => (above, [low], IsAbove),
            1 => (below, [high], IsBelow),
            _ => ($"{above} AND {below}", [low, high], row => IsAbove(row) && IsBelow(row)),
        };
    }

    private static bool IsOrdered(KeyType type, object? a, object? b, bool mayBeEqual) =>
        a is not null && b is not null
        && type.Compare(a!, b!) is int compared && (compared < 0 || (mayBeEqual && compared == 0));

    private string? Both()
    {
        if (table.Rows.IsEmpty)
        {
            return null;
        }

        KeyRow some = _probes.RowOf(table);
        object? second = random.OneIn(2) ? some.B : _probes.Probe(table, isFirst: false);
        bool isEqual = random.OneIn(2);
        return Rows(
            $"a = ? AND b {(isEqual ? "=" : ">=")} ?",
            [some.A, second],
            row => table.First.AreEqual(row.A, some.A) && (isEqual
                ? table.Second.AreEqual(row.B, second)
                : IsOrdered(table.Second, second, row.B, mayBeEqual: true)));
    }

    private string? Order()
    {
        string order = random.Of(KeyTable.Orders);
        bool isBack = random.OneIn(2);
        return Ordered(isBack ? Back(order) : order, "", [], static _ => true);
    }

    private string? OrderWithin(bool isFirst)
    {
        (string condition, object?[] bounds, Func<KeyRow, bool> isMeant) = Between(isFirst);
        string order = NameOf(isFirst) + (random.OneIn(2) ? " DESC" : "");
        return Ordered(order, $" WHERE {condition}", bounds, isMeant);
    }

    private string? Ordered(
        string order, string condition, object?[] bounds, Func<KeyRow, bool> isMeant)
    {
        int limit = 1 + random.Below(LimitMax);
        int offset = random.OneIn(3) ? random.Below(LimitMax) : 0;
        string sql = $"SELECT id FROM {table.Name}{condition} ORDER BY {order} "
            + $"LIMIT {limit} OFFSET {offset}";
        Comparison<KeyRow> comparison = table.Comparison(order);
        KeyRow[] expected = [.. _rows.Where(isMeant)
            .Order(Comparer<KeyRow>.Create(comparison)).Skip(offset).Take(limit)];
        long[] found = Numbers(sql, bounds);
        bool isRight = found.Length == expected.Length
            && found.Distinct().Count() == found.Length
            && found.Zip(expected).All(pair => table.Rows.TryGetValue(pair.First, out KeyRow? row)
                && isMeant(row) && comparison(row, pair.Second) == 0);
        return isRight ? null : Wrong(sql, bounds, found, expected);
    }

    /// <summary>The order turned round, NULLs as well.</summary>
    private static string Back(string order) => string.Join(", ", order.Split(", ").Select(
        static term =>
        {
            bool isDescending = term.Contains("DESC");
            bool nullsFirst = term.Contains("NULLS") ? term.EndsWith("FIRST") : !isDescending;
            return $"{term[0]}{(isDescending ? "" : " DESC")} NULLS "
                + (nullsFirst ? "LAST" : "FIRST");
        }));

    private string? Extremes(bool isFirst)
    {
        if (TypeOf(isFirst).Sql == "BLOB")
        {
            return null;
        }

        object[] values = [.. _rows.Select(row => ValueOf(row, isFirst))
            .Where(static value => value is not null).Order(
                Comparer<object?>.Create((x, y) => TypeOf(isFirst).Compare(x!, y!)))!];
        string column = NameOf(isFirst);
        foreach ((string sql, object? expected) in ((string, object?)[])
        [
            ($"SELECT min({column}) FROM {table.Name}", values.FirstOrDefault()),
            ($"SELECT max({column}) FROM {table.Name}", values.LastOrDefault()),
        ])
        {
            object? found = session.QueryScalar<object?>(sql);
            bool isRight = expected is null
                ? found is null
                : TypeOf(isFirst).AreEqual(found, expected);
            if (!isRight)
            {
                return $"{sql}: [{KeyType.Text(found)}] instead of [{KeyType.Text(expected)}]";
            }
        }

        return null;
    }

    private string? Prefix(bool isFirst)
    {
        if (!TypeOf(isFirst).HasPrefixes || _probes.Probe(table, isFirst) is not string text)
        {
            return null;
        }

        int length = random.Below(text.Length + 1);
        if (length > 0 && char.IsHighSurrogate(text[length - 1]))
        {
            length--;
        }

        string prefix = text[..length];
        return Rows(
            $"{NameOf(isFirst)} LIKE '{prefix}%'",
            [],
            row => ValueOf(row, isFirst) is string own
                && own.StartsWith(prefix, StringComparison.Ordinal));
    }

    private string? Join(bool isFirst)
    {
        if (table.Rows.IsEmpty)
        {
            return null;
        }

        long[] some = [.. Enumerable.Range(0, 4).Select(_ => _probes.RowOf(table).Id).Distinct()];
        string column = NameOf(isFirst);
        string sql = $"SELECT y.id FROM {table.Name} x JOIN {table.Name} y "
            + $"ON y.{column} = x.{column} WHERE x.id IN ({string.Join(", ", some)})";
        long[] expected = [.. some.SelectMany(id => _rows.Where(
            row => TypeOf(isFirst).AreEqual(
                ValueOf(row, isFirst), ValueOf(table.Rows[id], isFirst)))).Select(
            static row => row.Id)];
        return Compare(sql, [], expected);
    }

    /// <summary>What is there already is refused by a key, in a transaction that ends.</summary>
    private string? Duplicate()
    {
        KeyRow? old = table.Rows.IsEmpty ? null : _probes.RowOf(table);
        if (old is null || old.A is null
            || table.Form is not (KeyForm.Primary or KeyForm.Unique or KeyForm.Pair))
        {
            return null;
        }

        string sql = $"INSERT INTO {table.Name} VALUES (?, ?, ?)";
        if (!isInTransaction)
        {
            session.Execute("BEGIN");
        }

        try
        {
            session.Execute(sql, -1L, old.A, old.B);
        }
        catch (ConstraintException)
        {
            return null;
        }
        finally
        {
            if (!isInTransaction)
            {
                session.Execute("ROLLBACK");
            }
        }

        return $"{sql} took {old} once more";
    }

    private string? Rows(string condition, object?[] parameters, Func<KeyRow, bool> isMeant) =>
        Compare(
            $"SELECT id FROM {table.Name} WHERE {condition}",
            parameters,
            [.. _rows.Where(isMeant).Select(static row => row.Id)]);

    private string? Compare(string sql, object?[] parameters, long[] expected)
    {
        long[] found = Numbers(sql, parameters);
        return found.Order().SequenceEqual(expected.Order())
            ? null
            : Wrong(
                sql, parameters, [.. found.Except(expected)],
                [.. expected.Except(found).Select(id => table.Rows[id])])
                + $" ({found.Length} rows instead of {expected.Length})";
    }

    private long[] Numbers(string sql, object?[] parameters)
    {
        var numbers = new List<long>();
        using ResultReader rows = session.Query(sql, parameters);
        while (rows.Read())
        {
            numbers.Add(rows.GetInt64(0));
        }

        return [.. numbers];
    }

    private string Wrong(
        string sql, object?[] parameters, long[] found, IReadOnlyList<KeyRow> expected)
    {
        string plan = session.QueryScalar<string>($"EXPLAIN {sql}", parameters) ?? "";
        IEnumerable<KeyRow> rows = found.Take(4)
            .Select(id => table.Rows.GetValueOrDefault(id) ?? new KeyRow(id, null, null));
        return $"{sql} -- {string.Join(", ", parameters.Select(KeyType.Text))}\n    by {plan}"
            + $"\n    found {string.Join("; ", rows)}"
            + $"\n    instead of {string.Join("; ", expected.Take(4))}";
    }
}
