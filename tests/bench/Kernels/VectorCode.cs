using System.Reflection;
using System.Reflection.Emit;

namespace ChurnEngine.Bench.Tests;

/// <summary>Finds, in compiled code, the types that hold kernels: the rule that <see cref="KernelCoverageTests"/> holds them to.</summary>
internal static class VectorCode
{
    /// <summary>A method that goes over its data this often with TensorPrimitives is a kernel of our own; a call or two is the use of a library.</summary>
    private const int PassesOfAKernel = 3;

    private const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>True for a type that is called a kernel, keeps a scalar form, computes with vectors of its own, or strings library passes together.</summary>
    public static bool IsKernel(Type type) => WhyKernel(type) is not null;

    /// <summary>What makes the type a kernel; null when it is none. Types inside it count as part of it.</summary>
    public static string? WhyKernel(Type type)
    {
        if (type.IsNested || type.IsEnum || type.IsInterface || typeof(Delegate).IsAssignableFrom(type))
            return null;
        if (type.Name.EndsWith("Kernel", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })
            return "its name";
        if (ScalarForms(type).Count > 0)
            return "its scalar form";
        foreach (MethodBase method in MethodsOf(type))
        {
            MethodBase[] calls = [.. CallsIn(method)];
            if (calls.FirstOrDefault(IsVectorArithmetic) is { } vector)
                return $"{method.Name} calls {vector.DeclaringType!.Name}.{vector.Name}";
            if (calls.Count(call => call.DeclaringType?.FullName == "System.Numerics.Tensors.TensorPrimitives") >= PassesOfAKernel)
                return $"{method.Name} makes {PassesOfAKernel} passes or more with TensorPrimitives";
        }
        return null;
    }

    /// <summary>Names of the methods that define others: Scalar, or NAMEScalar.</summary>
    public static IReadOnlyList<string> ScalarForms(Type type) =>
        [.. type.GetMethods(Declared).Where(method => method.Name.EndsWith("Scalar", StringComparison.Ordinal) && !method.IsSpecialName).Select(method => method.Name).Distinct()];

    /// <summary>True when any method of the type calls a method of the other type by that name.</summary>
    public static bool Calls(Type caller, Type callee, string method) =>
        MethodsOf(caller).SelectMany(CallsIn).Any(call => call.Name == method && Definition(call.DeclaringType) == callee);

    // Asking what the processor can do is no computing.
    private static bool IsVectorArithmetic(MethodBase call) =>
        call.DeclaringType is { } type && !call.Name.StartsWith("get_Is", StringComparison.Ordinal) && call.Name != "get_Count"
        && (type.Namespace is { } space && space.StartsWith("System.Runtime.Intrinsics", StringComparison.Ordinal) || type is { Namespace: "System.Numerics" } && type.Name is "Vector" or "Vector`1");

    // Lambdas and iterators live in types inside.
    private static IEnumerable<MethodBase> MethodsOf(Type type) =>
        type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)).Concat(type.GetNestedTypes(Declared).SelectMany(MethodsOf));

    private static IEnumerable<MethodBase> CallsIn(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[]? typeArguments = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        Type[]? methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (int at = 0; at < code.Length;)
        {
            short value = code[at++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[at++]);
            OpCode operation = s_codes[value];
            if (operation.OperandType == OperandType.InlineMethod && method.Module.ResolveMethod(BitConverter.ToInt32(code, at), typeArguments, methodArguments) is { } called)
                yield return called;
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private static Type? Definition(Type? type) => type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type;
}
