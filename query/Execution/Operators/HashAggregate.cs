namespace NeuroDb.Query;

/// <summary>
/// Groups rows by keys in a hash table and computes aggregates of each group; groups come in the
/// order in which they are first seen. Without keys there is always one group.
/// </summary>
internal sealed class HashAggregate(
    PlanNode input,
    Expression[] keys,
    AggregateStep[] steps,
    Expression[] firsts,
    IReadOnlyList<int[]>? sets,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <summary>What makes a group.</summary>
    public Expression[] Keys { get; } = keys;

    /// <summary>
    /// The sets of keys to group by, each at once; null for all keys. With sets a last column says
    /// which one made a group.
    /// </summary>
    public IReadOnlyList<int[]>? Sets { get; } = sets;

    /// <summary>The aggregates.</summary>
    public AggregateStep[] Steps { get; } = steps;

    /// <summary>Expressions whose value in the first row of the group is given.</summary>
    public Expression[] Firsts { get; } = firsts;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        [
            .. Keys,
            .. Firsts,
            .. Steps.SelectMany(step => step.Function.Arguments),
            .. Steps.Select(step => step.Filter).OfType<Expression>(),
        ];

    /// <inheritdoc/>
    public override string Describe()
    {
        IEnumerable<string> what = Steps.Select(step => step.ToString())
            .Concat(Firsts.Select(first => $"first {first}"));
        string list = string.Join(", ", what);
        if (Sets is not null)
        {
            IEnumerable<string> written = Sets.Select(set =>
                $"({string.Join(", ", set.Select(key => Keys[key].ToString()))})");
            list = $"{list} for the sets {string.Join(", ", written)}".TrimStart();
        }

        return Keys.Length == 0
            ? $"aggregate: {list}"
            : $"group by {string.Join<Expression>(", ", Keys)}{(list == "" ? "" : $": {list}")}";
    }

    /// <summary>
    /// The input for several threads; null if one thread does it, because aggregates over ordered
    /// values do not merge.
    /// </summary>
    public Pipeline? ParallelInput(ExecutionContext context) =>
        Sets is null && IsParallelSafe && !RowSizes.MayExceed(this, context)
        && Steps.All(static step => step.IsMergeable)
            ? Input.Parallelize(context)
            : null;

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        Keys.Length == 0 && Sets is null
        ? new UngroupedAggregateCursor(this, context)
        : new HashAggregateCursor(this, context);
}
