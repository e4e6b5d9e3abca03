using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// One parsed statement. It keeps a few bound variants, one for each catalog and set of parameter
/// types seen lately, so that running it again costs neither parsing nor planning. Shared by all
/// sessions; a lost race only binds once more.
/// </summary>
internal sealed class PreparedStatement
{
    private const int VariantCountMax = 4;
    private BoundVariant[] _variants = [];

    /// <summary>Prepares a parsed statement.</summary>
    public PreparedStatement(StatementSyntax syntax)
    {
        Syntax = syntax;
        Kind = KindOf(syntax);
        Parameters = ParameterCollector.Collect(syntax);
    }

    /// <summary>The text of the statement.</summary>
    public string Sql => Syntax.Text;

    /// <summary>The parsed statement.</summary>
    public StatementSyntax Syntax { get; }

    /// <summary>What the statement does.</summary>
    public StatementKind Kind { get; }

    /// <summary>The parameters, by ordinal.</summary>
    public IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>
    /// Asks for memory that the statement will look at if it runs as it did lately.
    /// </summary>
    public void Prefetch(ReadOnlySpan<Value> parameters)
    {
        BoundVariant[] variants = Volatile.Read(ref _variants);
        if (variants.Length > 0 && parameters.Length == Parameters.Count)
        {
            variants[0].Statement.Prefetch(parameters);
        }
    }

    /// <summary>The statement bound for a catalog and parameter values.</summary>
    public BoundVariant Bind(
        CatalogView catalog,
        ReadOnlySpan<Value> parameters,
        NullPlacement nulls = NullPlacement.Least)
    {
        BoundVariant[] variants = Volatile.Read(ref _variants);
        foreach (BoundVariant variant in variants)
        {
            if (variant.Fits(catalog.Version, parameters) && variant.NullPlacement == nulls
                && NamesFit(variant.Names, parameters))
            {
                return variant;
            }
        }

        return BindNew(catalog, parameters, variants, nulls);
    }

    /// <summary>
    /// The statement bound for a catalog, parameter values and values of PIVOT; it is not kept.
    /// </summary>
    public BoundVariant BindOnce(
        CatalogView catalog,
        ReadOnlySpan<Value> parameters,
        NullPlacement nulls,
        IReadOnlyList<string[]> pivotValues) =>
        BindNow(catalog, parameters, nulls, pivotValues);

    private BoundVariant BindNew(
        CatalogView catalog,
        ReadOnlySpan<Value> parameters,
        BoundVariant[] variants,
        NullPlacement nulls)
    {
        BoundVariant bound = BindNow(catalog, parameters, nulls, []);
        if (catalog.Version >= 0)
        {
            IEnumerable<BoundVariant> kept = variants
                .Where(variant => variant.CatalogVersion == catalog.Version)
                .Take(VariantCountMax - 1);
            Volatile.Write(ref _variants, [bound, .. kept]);
        }

        return bound;
    }

    private BoundVariant BindNow(
        CatalogView catalog,
        ReadOnlySpan<Value> parameters,
        NullPlacement nulls,
        IReadOnlyList<string[]> pivotValues)
    {
        CheckParameters(parameters);
        DataType[] types = BoundVariant.TypesOf(parameters);
        var notices = new NoticeList();
        var binder = new Binder(catalog, types, notices)
        {
            NullPlacement = nulls,
            PivotValues = pivotValues,
        };
        IReadOnlyDictionary<int, string> names = NamesOf(parameters);
        StatementSyntax syntax = names.Count == 0 ? Syntax : Named(names);
        BoundStatement statement = StatementBinder.Bind(syntax, binder);
        binder.OpenTypes.Check();
        return new BoundVariant(catalog.Version, types, [.. notices.Texts], statement)
        {
            Names = names,
            NullPlacement = nulls,
        };
    }

    // The text again, with the names that parameters stand for in their places. What keeps its
    // text would keep the parameter in it.
    private StatementSyntax Named(IReadOnlyDictionary<int, string> names) =>
        Syntax is CreateViewStatementSyntax or CreateTriggerStatementSyntax
            ? throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "Views and triggers keep their text, so IDENTIFIER takes no parameter there.",
                Syntax.Position)
            : SqlParser.Parse(Syntax.Text, names)[0];

    private Dictionary<int, string> NamesOf(ReadOnlySpan<Value> parameters)
    {
        var names = new Dictionary<int, string>();
        foreach (int number in Syntax.NameParameters)
        {
            Value value = parameters[number - 1];
            names[number] = value.Kind == TypeKind.Text
                ? value.AsText()
                : throw new NeuroStoreException(
                    ErrorCode.ParameterMismatch,
                    $"Parameter {number} stands for a name, so its value is a text.",
                    Syntax.Position);
        }

        return names;
    }

    private bool NamesFit(IReadOnlyDictionary<int, string> names, ReadOnlySpan<Value> parameters)
    {
        foreach (int number in Syntax.NameParameters)
        {
            Value value = parameters[number - 1];
            if (value.Kind != TypeKind.Text || value.AsText() != names[number])
            {
                return false;
            }
        }

        return true;
    }

    private void CheckParameters(ReadOnlySpan<Value> parameters)
    {
        if (parameters.Length != Parameters.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.ParameterMismatch,
                $"The statement has {Parameters.Count} parameters, but {parameters.Length} "
                + "values were given.");
        }
    }

    private static StatementKind KindOf(StatementSyntax syntax) => syntax switch
    {
        _ when WithChangesBinder.HasChanges(syntax) => StatementKind.Change,
        SelectStatementSyntax or ExplainStatementSyntax or ShowStatementSyntax
            or DescribeStatementSyntax or DescribeQueryStatementSyntax
            or ExplainModelStatementSyntax
            or ExplainPredictionStatementSyntax or EvaluateModelStatementSyntax
            or ExportModelStatementSyntax or TuneModelStatementSyntax => StatementKind.Query,
        PragmaStatementSyntax when SystemRelations.IsQuery(syntax) => StatementKind.Query,
        PragmaStatementSyntax { Value: null } => StatementKind.Query,
        InsertStatementSyntax or UpdateStatementSyntax or DeleteStatementSyntax
            or MergeStatementSyntax
            or CopyStatementSyntax { IsFrom: true } => StatementKind.Change,
        CopyStatementSyntax => StatementKind.Query,
        BeginStatementSyntax or CommitStatementSyntax or RollbackStatementSyntax
            or SavepointStatementSyntax or ReleaseStatementSyntax => StatementKind.Transaction,
        PrepareStatementSyntax or ExecuteStatementSyntax or DeallocateStatementSyntax =>
            StatementKind.Prepared,
        SetStatementSyntax or PragmaStatementSyntax => StatementKind.Setting,
        MaintenanceStatementSyntax => StatementKind.Maintenance,
        _ => StatementKind.Definition,
    };
}
