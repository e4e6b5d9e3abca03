using NeuroDb.Query;

namespace NeuroDb.Data;

/// <summary>One statement of a command or batch, with where its parameters come from.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Parameters">The parameters of the command.</param>
/// <param name="PositionalStart">The ? of the same text that stand before this statement.</param>
internal sealed record CommandStep(
    PreparedStatement Statement, NeuroParameterCollection Parameters, int PositionalStart)
{
    /// <summary>The steps of a text.</summary>
    public static void AddAll(
        List<CommandStep> steps,
        IReadOnlyList<PreparedStatement> statements,
        NeuroParameterCollection parameters)
    {
        int positional = 0;
        foreach (PreparedStatement statement in statements)
        {
            steps.Add(new CommandStep(statement, parameters, positional));
            foreach (ParameterInfo parameter in statement.Parameters)
            {
                positional += string.IsNullOrEmpty(parameter.Name) ? 1 : 0;
            }
        }
    }

    /// <summary>The values of the statement's parameters, by ordinal.</summary>
    public Value[] Bind()
    {
        IReadOnlyList<ParameterInfo> wanted = Statement.Parameters;
        if (wanted.Count == 0)
        {
            return [];
        }

        var values = new Value[wanted.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Find(wanted[i]).ToValue();
        }

        return values;
    }

    private NeuroParameter Find(ParameterInfo wanted)
    {
        if (!string.IsNullOrEmpty(wanted.Name))
        {
            return Parameters.FindBare(wanted.Name) ?? throw new NeuroStoreException(
                ErrorCode.ParameterMismatch,
                $"The statement has a parameter {wanted.Name}, but the command has none of that "
                + "name.");
        }

        int ordinal = PositionalStart + wanted.Ordinal;
        return ordinal < Parameters.Count ? Parameters[ordinal] : throw new NeuroStoreException(
            ErrorCode.ParameterMismatch,
            $"The statement needs at least {ordinal + 1} parameters, but the command has "
            + $"{Parameters.Count}.");
    }
}
