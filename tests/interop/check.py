"""Judges an exported model with the checker of the onnx package: python3 check.py MODEL"""
import sys

import onnx

onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)
print(onnx.__version__)
