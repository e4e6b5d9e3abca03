using System.Globalization;
using System.Text.RegularExpressions;

namespace NeuroDb.Bench;

/// <summary>
/// A count over some tables that are joined by equal columns, in a tree, with conditions on single
/// columns: what a planner has to estimate for each part of a query.
/// </summary>
internal sealed partial class SubPlan
{
    private SubPlan(string sql)
    {
        Sql = sql;
    }

    /// <summary>The count as SQL.</summary>
    public string Sql { get; }

    /// <summary>The tables.</summary>
    public List<ForumTable> Tables { get; } = [];

    /// <summary>Pairs of equal columns: table and column of either side.</summary>
    public List<(int Left, int LeftColumn, int Right, int RightColumn)> Joins { get; } = [];

    /// <summary>Conditions: table, column, operator and value.</summary>
    public List<(int Table, int Column, string Operator, long Value)> Conditions { get; } = [];

    /// <summary>Reads a statement; null if it has a table that is not there.</summary>
    public static SubPlan? Parse(string sql, IReadOnlyList<ForumTable> known)
    {
        Match match = Statement().Match(sql);
        var plan = new SubPlan(sql);
        var aliases = new List<string>();
        foreach (string item in match.Groups["from"].Value.Split(','))
        {
            string[] words = item.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ForumTable? table = known.FirstOrDefault(table => table.Name.Equals(
                words[0], StringComparison.OrdinalIgnoreCase));
            if (table is null)
            {
                return null;
            }

            plan.Tables.Add(table);
            aliases.Add(words[^1]);
        }

        foreach (string part in match.Groups["where"].Value.Split(
            " AND ", StringSplitOptions.RemoveEmptyEntries))
        {
            plan.Add(Condition().Match(part.Trim()), aliases);
        }

        return plan;
    }

    /// <summary>Whether a row satisfies the conditions on a table.</summary>
    public bool Passes(int table, long?[] row)
    {
        foreach ((int of, int column, string operation, long value) in Conditions)
        {
            if (of == table && !(row[column] is { } found && operation switch
            {
                "=" => found == value,
                "<" => found < value,
                ">" => found > value,
                "<=" => found <= value,
                ">=" => found >= value,
                _ => found != value,
            }))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The rows, counted: for each value of a column of a table the rows of the tables behind it.
    /// </summary>
    public double Count() => Weights(0, -1, -1, []).Sum(static pair => pair.Value);

    private Dictionary<long, double> Weights(int table, int column, int from, HashSet<int> seen)
    {
        seen.Add(table);
        var children = new List<(int Column, Dictionary<long, double> Weights)>();
        foreach ((int left, int leftColumn, int right, int rightColumn) in Joins)
        {
            if (left == table && right != from && seen.Add(right))
            {
                children.Add((leftColumn, Weights(right, rightColumn, table, seen)));
            }
            else if (right == table && left != from && seen.Add(left))
            {
                children.Add((rightColumn, Weights(left, leftColumn, table, seen)));
            }
        }

        var weights = new Dictionary<long, double>();
        foreach (long?[] row in Tables[table].Rows)
        {
            long? key = column < 0 ? 0 : row[column];
            if (key is null || !Passes(table, row))
            {
                continue;
            }

            double weight = 1;
            foreach ((int of, Dictionary<long, double> partners) in children)
            {
                weight *= row[of] is { } value ? partners.GetValueOrDefault(value) : 0;
            }

            weights[key.Value] = weights.GetValueOrDefault(key.Value) + weight;
        }

        return weights;
    }

    private void Add(Match match, List<string> aliases)
    {
        int table = aliases.IndexOf(match.Groups["alias"].Value);
        int column = Tables[table].IndexOf(match.Groups["column"].Value);
        if (match.Groups["other"].Success)
        {
            int other = aliases.IndexOf(match.Groups["other"].Value);
            Joins.Add((
                table, column, other,
                Tables[other].IndexOf(match.Groups["othercolumn"].Value)));
            return;
        }

        long value = match.Groups["moment"].Success
            ? ForumTable.Microseconds(match.Groups["moment"].Value)
            : long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        Conditions.Add((table, column, match.Groups["operator"].Value, value));
    }

    [GeneratedRegex(@"FROM (?<from>.*?)(?: WHERE (?<where>.*?))?;?$")]
    private static partial Regex Statement();

    [GeneratedRegex(
        @"^(?<alias>\w+)\.(?<column>\w+)\s*(?<operator><=|>=|<>|=|<|>)\s*(?:(?<other>[A-Za-z]\w*)"
        + @"\.(?<othercolumn>\w+)|'(?<moment>[^']+)'::timestamp|(?<number>-?\d+))$")]
    private static partial Regex Condition();
}
