using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChurnEngine.Models;

/// <summary>Turns the values of a categorical feature into bytes: the category itself, where it is small.</summary>
internal static unsafe class CategoryCodeKernel
{
    /// <summary>Categories 0 to 253 have codes of their own.</summary>
    public const int Categories = 254;

    /// <summary>Code of any other value: fractions, negative numbers, larger ones, infinities.</summary>
    public const byte Other = 254;

    /// <summary>Code of NaN.</summary>
    public const byte Missing = 255;

    /// <summary>Shape: values [n] f32 -> codes [n] u8. Equality: exact. Whole vectors are read and written: up to 15 rows beyond.</summary>
    public static void Run(float* values, byte* codes, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            Scalar(values, codes, count);
            return;
        }
        for (int row = 0; row < count; row += 16)
        {
            Vector512<float> value = Vector512.Load(values + row);
            // What no integer can hold becomes the least one, which is no category.
            Vector512<int> category = Vector512.ConvertToInt32Native(value);
            Vector512<int> isCategory = Vector512.Equals(Vector512.ConvertToSingle(category), value).AsInt32() & Vector512.LessThan(category.AsUInt32(), Vector512.Create((uint)Categories)).AsInt32();
            Vector512<int> code = Vector512.ConditionalSelect(isCategory, category, Vector512.Create((int)Other));
            Avx512F.ConvertToVector128Byte(Vector512.ConditionalSelect(Vector512.Equals(value, value).AsInt32(), code, Vector512.Create((int)Missing))).Store(codes + row);
        }
    }

    /// <summary>The definition of <see cref="Run"/>.</summary>
    public static void Scalar(float* values, byte* codes, int count)
    {
        for (int row = 0; row < count; row++)
        {
            float value = values[row];
            int category = (int)value;
            byte code = category == value && (uint)category < Categories ? (byte)category : Other;
            codes[row] = float.IsNaN(value) ? Missing : code;
        }
    }
}
