namespace NeuroDb.Query;

/// <summary>A statement that a session keeps under a name.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Types">The types of its first parameters, as far as they are given.</param>
internal sealed record PreparedName(PreparedStatement Statement, DataType[] Types)
{
    /// <summary>The values of EXECUTE, in the types that were given.</summary>
    public Value[] Take(Value[] values, ExecuteStatementSyntax execute)
    {
        if (values.Length != Statement.Parameters.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.ParameterMismatch,
                $"{execute.Name.Name} takes {Statement.Parameters.Count} values, "
                + $"{values.Length} are given.",
                execute.Position);
        }

        return [.. values.Select((value, i) => i < Types.Length && !value.IsNull
            ? Convert(value, Types[i], execute.Position)
            : value)];
    }

    private static Value Convert(Value value, DataType type, SourcePosition position)
    {
        DataType from = BoundVariant.TypeOf(value);
        return from.Kind == TypeKind.Text || Coercion.CanAssign(from, type)
            ? ValueConverter.Convert(value, from, type, CastKind.Assignment, position)
            : throw Coercion.Mismatch("EXECUTE", from, type, position);
    }
}
