namespace NeuroDb.Query;

/// <summary>
/// The row that a trigger runs for, as the statements of the trigger see it: OLD and NEW with the
/// columns of the table. The values are the parameters of those statements, first those of OLD.
/// </summary>
internal sealed record TriggerRow(TriggerEvent Event, IReadOnlyList<ColumnSchema> Columns)
{
    /// <summary>The types of the parameters.</summary>
    public DataType[] Types =>
    [
        .. Columns.Select(static column => column.Type),
        .. Columns.Select(static column => column.Type),
    ];

    /// <summary>The value that OLD.name or NEW.name stands for, or null for another name.</summary>
    public Expression? Find(NameSyntax name)
    {
        bool isOld = string.Equals(name.Qualifier, "old", StringComparison.OrdinalIgnoreCase);
        bool isNew = string.Equals(name.Qualifier, "new", StringComparison.OrdinalIgnoreCase);
        if ((!isOld && !isNew) || (isOld && Event == TriggerEvent.Insert)
            || (isNew && Event == TriggerEvent.Delete))
        {
            return null;
        }

        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name.Last, StringComparison.OrdinalIgnoreCase))
            {
                return new ParameterExpression(
                    isOld ? i : Columns.Count + i, Columns[i].Type);
            }
        }

        return null;
    }
}
