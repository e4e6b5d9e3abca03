using System.Reflection;
using System.Runtime.CompilerServices;

namespace NeuroDb.Tests.Tidy;

/// <summary>
/// The public types and members of assemblies, one a line, sorted. Overrides are left out: they
/// are promised by the type that they override.
/// </summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines of all visible types of some assemblies.</summary>
    public static string[] Of(params Assembly[] assemblies) =>
        [.. assemblies
            .SelectMany(assembly => assembly.GetExportedTypes())
            .SelectMany(LinesOf)
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> LinesOf(Type type)
    {
        string owner = type.Namespace + "." + TypeName.Of(type);
        yield return $"{owner}: {KindOf(type)}{BasesOf(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            yield return $"{owner}{Signature(type.GetMethod("Invoke")!)}";
            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            string? line = member.IsDefined(typeof(CompilerGeneratedAttribute))
                ? null
                : Describe(member);
            if (line != null)
            {
                yield return $"{owner}.{line}";
            }
        }
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo made when IsVisible(made) => $"new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when IsVisible(method) && !IsOverride(method) =>
            $"{method.Name}{GenericPart(method)}{Signature(method)}{StaticPart(method)}",
        MethodInfo method when IsVisible(method)
            && method.Name.StartsWith("op_", StringComparison.Ordinal) =>
            $"{method.Name}{Signature(method)}",
        PropertyInfo property => DescribeProperty(property),
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
            $"{field.Name}: {(field.IsLiteral ? "const " : "")}{TypeName.Of(field.FieldType)}"
            + (field.IsLiteral ? $" = {field.GetRawConstantValue()}" : ""),
        EventInfo { AddMethod: { } add } happening when IsVisible(add) =>
            $"{happening.Name}: event {TypeName.Of(happening.EventHandlerType!)}",
        _ => null,
    };

    private static string? DescribeProperty(PropertyInfo property)
    {
        MethodInfo? get = property.GetMethod is { } read && IsVisible(read) ? read : null;
        MethodInfo? set = property.SetMethod is { } write && IsVisible(write) ? write : null;
        if ((get ?? set) is not { } any || IsOverride(any))
        {
            return null;
        }

        ParameterInfo[] keys = property.GetIndexParameters();
        string name = keys.Length == 0
            ? property.Name
            : $"this[{string.Join(", ", keys.Select(Parameter))}]";
        bool isInit = set?.ReturnParameter.GetRequiredCustomModifiers()
            .Contains(typeof(IsExternalInit)) == true;
        string accessors = (get != null ? "get; " : "")
            + (set == null ? "" : isInit ? "init; " : "set; ");
        return $"{name}: {TypeName.Of(property.PropertyType)} {{ {accessors}}}{StaticPart(any)}";
    }

    private static string KindOf(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? "struct"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : type.IsAbstract && type.IsSealed ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string BasesOf(Type type)
    {
        if (type.IsEnum || typeof(Delegate).IsAssignableFrom(type))
        {
            return "";
        }

        IEnumerable<Type> bases = type.GetInterfaces()
            .Where(face => face.IsVisible && !Inherits(type, face));
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            bases = bases.Prepend(parent);
        }

        string names = string.Join(", ", bases.Select(TypeName.Of).Order(StringComparer.Ordinal));
        return names.Length == 0 ? "" : $" : {names}";
    }

    private static bool Inherits(Type type, Type face) =>
        type.BaseType?.GetInterfaces().Contains(face) == true;

    private static bool IsVisible(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsOverride(MethodInfo method) => method.GetBaseDefinition() != method;

    private static string StaticPart(MethodInfo method) => method.IsStatic ? " static" : "";

    private static string GenericPart(MethodInfo method) => method.IsGenericMethod
        ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName.Of))}>"
        : "";

    private static string Signature(MethodInfo method) =>
        $"({Parameters(method)}): {TypeName.Of(method.ReturnType)}";

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(Parameter));

    private static bool IsStruct(ParameterInfo parameter) =>
        parameter.ParameterType.IsValueType
        && Nullable.GetUnderlyingType(parameter.ParameterType) == null;

    private static string Parameter(ParameterInfo parameter)
    {
        bool isParams = parameter.IsDefined(typeof(ParamArrayAttribute))
            || parameter.IsDefined(typeof(ParamCollectionAttribute));
        string direction = parameter.IsOut ? "out "
            : parameter.ParameterType.IsByRef ? (parameter.IsIn ? "in " : "ref ")
            : isParams ? "params "
            : "";
        string value = parameter.HasDefaultValue
            ? $" = {parameter.RawDefaultValue ?? (IsStruct(parameter) ? "default" : "null")}"
            : "";
        return $"{direction}{TypeName.Of(parameter.ParameterType)} {parameter.Name}{value}";
    }
}
