namespace NeuroDb.Bench;

/// <summary>
/// A count over some tables, as a person writes it and in forms whose order of joins is forced: a
/// LIMIT that nothing reaches keeps the tables so far apart from those to come.
/// </summary>
internal sealed class RegretQuery(string shape, List<RegretTable> tables, int inner)
{
    private const string Fence = " LIMIT 1000000000";

    /// <summary>What kind of query it is.</summary>
    public string Shape { get; } = shape;

    /// <summary>
    /// The query as written: the first tables in a derived table, or an item of WITH, if the shape
    /// says so.
    /// </summary>
    public string Sql
    {
        get
        {
            if (inner == 0)
            {
                return $"SELECT count(*) FROM {From(tables)}";
            }

            List<RegretTable> below = tables[..inner];
            RegretTable[] rest = [.. tables[inner..].Select(table => table with
            {
                Links = [.. table.Links.Select(link =>
                    below.Exists(known => known.Alias == link.Alias)
                        ? (link.Own, "d", $"{link.Alias}_{link.Column}")
                        : link)],
            })];
            string derived = $"SELECT {Columns(below)} FROM {From(below)}";
            return Shape == "WITH"
                ? $"WITH d AS ({derived}) SELECT count(*) FROM {From(rest, "d")}"
                : $"SELECT count(*) FROM {From(rest, $"({derived}) AS d")}";
        }
    }

    /// <summary>The same count with each order in which the tables can be joined one by one.
    /// </summary>
    public IEnumerable<(string Order, string Sql)> Forced()
    {
        foreach (List<RegretTable> order in Orders([], tables))
        {
            string sql = $"SELECT {Columns([order[0]])} FROM {From([order[0]])}{Fence}";
            for (int i = 1; i < order.Count; i++)
            {
                List<RegretTable> before = order[..i];
                string added = order[i].GivesRows ? ", " + Columns([order[i]]) : "";
                sql = $"SELECT {Kept(before)}{added} FROM ({sql}) AS z"
                    + Step(order[i], LinksOf(order[i], before))
                    + (i == order.Count - 1 ? "" : Fence);
            }

            yield return (
                string.Join(' ', order.Select(static table => table.Alias)),
                $"SELECT count(*) FROM ({sql}) AS q");
        }
    }

    private static string Columns(List<RegretTable> some) => string.Join(", ", some
        .Where(static table => table.GivesRows)
        .SelectMany(table => ColumnsOf(table).Select(
            column => $"{table.Alias}.{column} AS {table.Alias}_{column}")));

    private static string Kept(List<RegretTable> some) => string.Join(", ", some
        .Where(static table => table.GivesRows)
        .SelectMany(table => ColumnsOf(table).Select(
            column => $"z.{table.Alias}_{column}")));

    private static string[] ColumnsOf(RegretTable table) => RegretGenerator.KeysOf(table.Alias);

    private static string From(IEnumerable<RegretTable> some, string? first = null)
    {
        string sql = first ?? "";
        var where = new List<string>();
        foreach (RegretTable table in some)
        {
            string on = string.Join(" AND ", table.Links.Select(
                link => $"{table.Alias}.{link.Own} = {link.Alias}.{link.Column}"));
            string both = Both(on, table.Condition);
            if (!table.GivesRows)
            {
                where.Add($"{table.Kind} (SELECT 1 FROM {Named(table)} WHERE {both})");
            }
            else if (sql.Length > 0)
            {
                sql += $" {table.Kind} {Named(table)} ON {both}";
            }
            else
            {
                sql = Named(table);
                where.AddRange(table.Condition is null ? [] : [table.Condition]);
            }
        }

        return where.Count == 0 ? sql : $"{sql} WHERE {string.Join(" AND ", where)}";
    }

    private static string Both(string first, string? second) =>
        second is null ? first : first.Length == 0 ? second : $"{first} AND {second}";

    private static string Named(RegretTable table) => $"{table.Source} AS {table.Alias}";

    private static string Step(RegretTable table, List<(string Own, string Other)> links)
    {
        string on = string.Join(" AND ", links.Select(
            link => $"{table.Alias}.{link.Own} = z.{link.Other}"));
        return table.GivesRows
            ? $" {table.Kind} {Named(table)} ON {Both(on, table.Condition)}"
            : $" WHERE {table.Kind} (SELECT 1 FROM {Named(table)} "
                + $"WHERE {Both(on, table.Condition)})";
    }

    // Links count from either side.
    private List<(string Own, string Other)> LinksOf(
        RegretTable table, List<RegretTable> before)
    {
        var links = new List<(string, string)>();
        foreach (RegretTable one in tables)
        {
            foreach ((string own, string alias, string column) in one.Links)
            {
                if (one == table && before.Exists(known => known.Alias == alias))
                {
                    links.Add((own, $"{alias}_{column}"));
                }
                else if (alias == table.Alias && one.IsInner && before.Contains(one))
                {
                    links.Add((column, $"{one.Alias}_{own}"));
                }
            }
        }

        return links;
    }

    private IEnumerable<List<RegretTable>> Orders(
        List<RegretTable> before, List<RegretTable> rest)
    {
        if (rest.Count == 0)
        {
            yield return [.. before];
        }

        foreach (RegretTable next in rest)
        {
            bool fits = before.Count == 0
                ? next.IsInner
                : next.IsInner ? LinksOf(next, before).Count > 0
                : next.Links.TrueForAll(link =>
                    before.Exists(known => known.Alias == link.Alias));
            if (fits)
            {
                List<RegretTable> others = [.. rest.Where(table => table != next)];
                foreach (List<RegretTable> order in Orders([.. before, next], others))
                {
                    yield return order;
                }
            }
        }
    }
}
