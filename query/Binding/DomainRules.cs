namespace NeuroDb.Query;

/// <summary>
/// What the values of a domain have to satisfy, its own rules and those of the domains below it.
/// </summary>
/// <param name="Name">The name of the domain.</param>
/// <param name="Conditions">
/// The names of the rules and their conditions over one column; null stands for NOT NULL.
/// </param>
internal sealed record DomainRules(
    string Name, IReadOnlyList<(string Name, Expression? Condition)> Conditions)
{
    /// <summary>The call by which the CHECK of a table asks a domain.</summary>
    public const string TestName = "domain_accepts";

    private const string ValueName = "value";

    /// <summary>The rules of a domain.</summary>
    public static DomainRules Of(CreateTypeStatementSyntax domain, Binder binder)
    {
        var conditions = new List<(string Name, Expression? Condition)>();
        string name = domain.Name.Last;
        for (CreateTypeStatementSyntax? next = domain; next is not null;)
        {
            Add(next, binder, conditions);
            next = TypeDefinition.FindDomain(next.Type, binder.Catalog);
        }

        return new DomainRules(name, conditions);
    }

    /// <summary>A cast: to the type below the domain, and then the rules.</summary>
    public static Expression Cast(
        Expression operand,
        CreateTypeStatementSyntax domain,
        Binder binder,
        SourcePosition position)
    {
        Expression value = ExpressionFactory.Cast(
            operand, TypeDefinition.TypeOf(domain, binder.Catalog), position);
        return new DomainExpression(value, Of(domain, binder), false, position);
    }

    /// <summary>Whether a call is domain_accepts(domain, value).</summary>
    public static bool IsTest(FunctionCallSyntax call) =>
        call is { Arguments.Count: 2, Over: null, Name.Parts: [{ Name: var name }] }
        && name.Equals(TestName, StringComparison.OrdinalIgnoreCase);

    /// <summary>domain_accepts(domain, value).</summary>
    public static Expression Test(
        FunctionCallSyntax call, Binder binder, Func<ExpressionSyntax, Expression> bind)
    {
        string? name = (call.Arguments[0].Value as ColumnReferenceSyntax)?.Name.Last;
        return name is not null
            && TypeDefinition.Find(name, binder.Catalog) is { IsDomain: true } domain
            ? new DomainExpression(
                ExpressionFactory.Cast(
                    bind(call.Arguments[1].Value),
                    TypeDefinition.TypeOf(domain, binder.Catalog),
                    call.Position),
                Of(domain, binder),
                true,
                call.Position)
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"{TestName} takes the name of a domain and a value.",
                call.Position);
    }

    /// <summary>The CHECK of a column whose type is a domain.</summary>
    public static string CheckSql(CreateTypeStatementSyntax domain, string column) =>
        $"{TestName}({SqlText.Quote(domain.Name.Last)}, {SqlText.Quote(column)})";

    /// <summary>The error of a value that fails.</summary>
    public ConstraintException Violation(
        string name, Expression? condition, Value value, SourcePosition position) => new(
            condition is null ? ErrorCode.NotNullViolation : ErrorCode.CheckViolation,
            condition is null
                ? $"NULL is no value of the domain {Name}."
                : $"{ValueText.Shorten(ValueText.Format(value))} is no value of the domain {Name}: "
                    + $"it fails '{name}', {condition}.",
            position);

    private static void Add(
        CreateTypeStatementSyntax domain,
        Binder binder,
        List<(string Name, Expression? Condition)> conditions)
    {
        DataType type = TypeDefinition.TypeOf(domain, binder.Catalog);
        Scope scope = binder.NewScope();
        scope.Add(new ScopeColumn(
            null,
            binder.Identifiers.NewColumn(ValueName, type),
            new OrdinalExpression(0, "VALUE", type)));
        foreach (ConstraintSyntax constraint in domain.Constraints)
        {
            if (constraint is NullConstraintSyntax { IsNullable: false })
            {
                conditions.Add(($"{domain.Name.Last}_not_null", null));
            }
            else if (constraint is CheckConstraintSyntax check)
            {
                Expression condition = binder.BindCondition(check.Condition, scope);
                if (condition.Any(static part => part is SubqueryExpression
                    or ParameterExpression or ColumnExpression))
                {
                    throw new NeuroStoreException(
                        ErrorCode.MisplacedExpression,
                        "The CHECK of a domain is over VALUE alone, without subqueries and "
                        + "parameters.",
                        check.Position);
                }

                conditions.Add((
                    check.Name?.Name ?? $"{domain.Name.Last}_check", condition));
            }
        }
    }
}
